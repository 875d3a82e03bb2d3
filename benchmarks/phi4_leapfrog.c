/*
 * Peer of `rgflow bench phi4`: leapfrog HMC of one 2-D phi^4 field in plain C, one thread, as a lattice program is
 * usually written: a drift loop over all sites, then a kick loop over rows whose two ends are treated apart so that the
 * compiler vectorises the rest. Every trajectory copies the field, draws momenta, and is accepted or not; the leapfrog
 * steps alone are timed.
 *
 *   cc -O3 -march=native -ffast-math phi4_leapfrog.c -o phi4_leapfrog -lm
 *   ./phi4_leapfrog SIDE M2 LAMBDA SECONDS
 *
 * S = sum_x [ sum_mu (phi(x+mu) - phi(x))^2 + m2 phi^2 + lambda phi^4 ]; the parameters are read at run time, as in
 * every program that is used for more than one of them (at the benchmark's m2 = -4 a compiler that knew it would drop
 * the mass term).
 * Prints one JSON line: the fastest and the median time per site and force evaluation, in nanoseconds.
 */
#define _XOPEN_SOURCE 600
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEPS = 10, SAMPLES = 21 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static float m2, lambda;

/* p -= step dS/dphi, dS/dphi = 2 (4 + m2) phi - 2 sum of the neighbours + 4 lambda phi^3 */
static void kick(int side, const float *restrict phi, float *restrict p, float step) {
  for (int y = 0; y < side; y++) {
    const float *row = phi + (size_t)y * side;
    const float *up = phi + (size_t)(y == side - 1 ? 0 : y + 1) * side;
    const float *down = phi + (size_t)(y == 0 ? side - 1 : y - 1) * side;
    float *q = p + (size_t)y * side;
    for (int x = 1; x < side - 1; x++)
      q[x] -= step * (2 * (4 + m2) * row[x] - 2 * (row[x - 1] + row[x + 1] + up[x] + down[x])
                      + 4 * lambda * row[x] * row[x] * row[x]);
    for (int end = 0; end < 2; end++) {
      int x = end ? side - 1 : 0;
      q[x] -= step * (2 * (4 + m2) * row[x] - 2 * (row[x ? x - 1 : side - 1] + row[x < side - 1 ? x + 1 : 0] + up[x] + down[x])
                      + 4 * lambda * row[x] * row[x] * row[x]);
    }
  }
}

static void drift(int sites, float *restrict phi, const float *restrict p, float step) {
  for (int i = 0; i < sites; i++) phi[i] += step * p[i];
}

static double uniform(void) {
  static uint64_t state = 0x9E3779B97F4A7C15u; /* splitmix64 */
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return ((z ^ z >> 31) >> 11) * 0x1p-53 + 0x1p-54;
}

static double energy(int side, const float *phi, const float *p) {
  double sum = 0;
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) {
      double f = phi[y * side + x], dx = phi[y * side + (x + 1) % side] - f, dy = phi[(y + 1) % side * side + x] - f;
      sum += dx * dx + dy * dy + m2 * f * f + lambda * f * f * f * f + 0.5 * p[y * side + x] * p[y * side + x];
    }
  return sum;
}

/* One trajectory of HMC; returns the seconds of its leapfrog steps. */
static double trajectory(int side, float *phi, float *moved, float *p) {
  const float step = 0.05f;
  int sites = side * side;
  for (int i = 0; i < sites; i++) {
    moved[i] = phi[i];
    p[i] = (float)(sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform()));
  }
  double before = energy(side, moved, p), begin = now();
  kick(side, moved, p, step / 2);
  for (int s = 0; s < STEPS; s++) {
    drift(sites, moved, p, step);
    kick(side, moved, p, s == STEPS - 1 ? step / 2 : step);
  }
  double spent = now() - begin;
  if (uniform() < exp(before - energy(side, moved, p))) memcpy(phi, moved, sizeof(float) * sites);
  return spent;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc != 5 || atoi(argv[1]) < 2 || atoi(argv[1]) > 4096 || atof(argv[4]) <= 0) {
    fprintf(stderr, "usage: %s SIDE M2 LAMBDA SECONDS\n", argv[0]);
    return 2;
  }
  int side = atoi(argv[1]), sites = side * side;
  double budget = atof(argv[4]);
  m2 = (float)atof(argv[2]), lambda = (float)atof(argv[3]);
  float *phi = calloc(sites, sizeof(float)), *moved = malloc(sizeof(float) * sites), *p = malloc(sizeof(float) * sites);
  if (!phi || !moved || !p) return 2;
  double sample[SAMPLES];
  for (int k = -SAMPLES / 2; k < SAMPLES; k++) { /* the first half of the time warms up */
    double start = now(), spent = 0;
    long calls = 0;
    do spent += trajectory(side, phi, moved, p), calls++;
    while (now() - start < budget / SAMPLES);
    sample[k < 0 ? 0 : k] = 1e9 * spent / ((double)calls * sites * (STEPS + 1));
  }
  qsort(sample, SAMPLES, sizeof *sample, ascending);
  double checksum = 0;
  for (int i = 0; i < sites; i++) checksum += phi[i];
  printf("{\"side\": %d, \"ns_per_site_step\": %.4f, \"fastest\": %.4f, \"checksum\": %.6g}\n", side, sample[SAMPLES / 2],
         sample[0], checksum);
  free(phi), free(moved), free(p);
  return 0;
}
