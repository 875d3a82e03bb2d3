/*
 * The exact Polchinski step of R replicas of an L x L lattice through FFTW, in float on one thread: the peer of
 * org.rgflow.bench.PolchinskiStepBench.
 *
 *   phi -> r2c transform -> phi_k <- a_k phi_k + b_k xi_k -> c2r transform -> phi
 *
 * Build (Debian: apt install gcc libfftw3-dev):
 *   gcc -O3 -march=native -mprefer-vector-width=512 -ffast-math -o polchinski_fftw polchinski_fftw.c -lfftw3f -lm
 * Run:
 *   ./polchinski_fftw L R [patient]
 *
 * Prints one JSON line, times in nanoseconds per site and replica (medians): "transforms" is the step with noise drawn
 * beforehand, "step" the step with its noise. Three layouts are tried, and the best of each is reported:
 *   contiguous   one field after the other, batches of 1, 16 or all fields through all three stages;
 *   strided      [site][replica], all replicas at once;
 *   blocked      [block][site][16 replicas], block by block.
 * The noise is drawn in mode space: 16 interleaved xoshiro128+ generators and Box-Muller, which gcc vectorises with
 * libmvec. Real white noise needs phi(-k) = conj phi(k); it is imposed on the two columns where both are stored.
 */
#include <complex.h>
#include <fftw3.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LANES 16
#define CHUNK 4096

static uint32_t s0[LANES], s1[LANES], s2[LANES], s3[LANES];

static void seed(void) {
  uint64_t z = 88172645463325252ULL;
  uint32_t *all[4] = {s0, s1, s2, s3};
  for (int w = 0; w < 4; w++) {
    for (int i = 0; i < LANES; i++) {
      z ^= z << 13, z ^= z >> 7, z ^= z << 17;
      all[w][i] = (uint32_t)(z >> 16);
    }
  }
}

/* n normals, n a multiple of 2 LANES. */
static void normals(float *restrict out, size_t n) {
  static uint32_t words[CHUNK] __attribute__((aligned(64)));
  static float radius[CHUNK / 2] __attribute__((aligned(64)));
  for (size_t done = 0; done < n; done += CHUNK) {
    size_t count = n - done < CHUNK ? n - done : CHUNK;
    for (size_t j = 0; j < count; j += LANES) {
      for (int i = 0; i < LANES; i++) {
        uint32_t result = s0[i] + s3[i];
        uint32_t t = s1[i] << 9;
        s2[i] ^= s0[i];
        s3[i] ^= s1[i];
        s1[i] ^= s2[i];
        s0[i] ^= s3[i];
        s2[i] ^= t;
        s3[i] = (s3[i] << 11) | (s3[i] >> 21);
        words[j + i] = result;
      }
    }
    float *restrict z = out + done;
    size_t half = count / 2;
    for (size_t j = 0; j < half; j++) {
      float u = (float)((words[j] >> 8) + 1) * 0x1p-24f;
      float angle = (float)(words[half + j] >> 8) * (6.28318530717958648f * 0x1p-24f);
      float rho = sqrtf(-2.0f * logf(u));
      radius[j] = rho;
      z[j] = rho * cosf(angle);
    }
    /* A loop of its own: gcc would join sinf and cosf of one argument to sincosf, which libmvec lacks. */
    for (size_t j = 0; j < half; j++) {
      float angle = (float)(words[half + j] >> 8) * (6.28318530717958648f * 0x1p-24f);
      z[half + j] = radius[j] * sinf(angle);
    }
  }
}

enum layout { CONTIGUOUS, STRIDED, BLOCKED };

struct step {
  int l, r, batch, modes;
  enum layout layout;
  float *phi, *a, *b, *xi;
  fftwf_complex *phik;
  fftwf_plan forward, inverse;
};

static float *floats(size_t n) {
  float *p = fftwf_malloc(sizeof(float) * (n + 2 * LANES));
  if (!p) exit(1);
  memset(p, 0, sizeof(float) * (n + 2 * LANES));
  return p;
}

static struct step make(int l, int r, enum layout layout, int batch, unsigned flags) {
  struct step s = {.l = l, .r = r, .batch = batch, .layout = layout, .modes = l * (l / 2 + 1)};
  s.phi = floats((size_t)l * l * r);
  s.phik = (fftwf_complex *)floats((size_t)2 * s.modes * r);
  s.xi = floats((size_t)2 * s.modes * batch);
  s.a = floats(s.modes);
  s.b = floats(s.modes);
  int n[2] = {l, l};
  int stride = layout == CONTIGUOUS ? 1 : batch;
  int rdist = layout == CONTIGUOUS ? l * l : 1;
  int kdist = layout == CONTIGUOUS ? s.modes : 1;
  s.forward = fftwf_plan_many_dft_r2c(2, n, batch, s.phi, NULL, stride, rdist, s.phik, NULL, stride, kdist, flags);
  s.inverse = fftwf_plan_many_dft_c2r(2, n, batch, s.phik, NULL, stride, kdist, s.phi, NULL, stride, rdist, flags);
  for (int ky = 0; ky < l; ky++) {
    for (int kx = 0; kx <= l / 2; kx++) {
      double sx = 2 * sin(M_PI * kx / l), sy = 2 * sin(M_PI * ky / l);
      double e = sx * sx + sy * sy;
      double from = exp(-e / 4) / (e + 1), to = exp(-e / 3.9) / (e + 1);
      /* FFTW's two transforms together multiply by l^2, and |xi_k|^2 has mean l^2 for a white field. */
      s.a[ky * (l / 2 + 1) + kx] = to / from / ((double)l * l);
      s.b[ky * (l / 2 + 1) + kx] = sqrt(to * (1 - to / from)) / l / sqrt(2.0);
    }
  }
  for (size_t i = 0; i < (size_t)l * l * r; i++) s.phi[i] = sinf((float)i);
  normals(s.xi, ((size_t)2 * s.modes * batch + 2 * LANES - 1) / (2 * LANES) * (2 * LANES));
  return s;
}

static void destroy(struct step *s) {
  fftwf_destroy_plan(s->forward);
  fftwf_destroy_plan(s->inverse);
  fftwf_free(s->phi);
  fftwf_free(s->phik);
  fftwf_free(s->xi);
  fftwf_free(s->a);
  fftwf_free(s->b);
}

/* phi(-k) = conj phi(k) where both are stored. */
static void hermitian(fftwf_complex *k, int l, size_t stride, size_t replica_stride, int replicas) {
  int width = l / 2 + 1;
  for (int kx = 0; kx < width; kx++) {
    if (kx != 0 && 2 * kx != l) continue;
    for (int ky = 0; ky <= l / 2; ky++) {
      fftwf_complex *from = k + (size_t)(ky * width + kx) * stride;
      fftwf_complex *to = k + (size_t)((l - ky) % l * width + kx) * stride;
      if (from == to) {
        for (int r = 0; r < replicas; r++) from[r * replica_stride] = crealf(from[r * replica_stride]);
      } else {
        for (int r = 0; r < replicas; r++) to[r * replica_stride] = conjf(from[r * replica_stride]);
      }
    }
  }
}

static void update(struct step *s, fftwf_complex *k, int noise) {
  int replicas = s->batch, modes = s->modes;
  size_t count = (size_t)2 * modes * replicas;
  float *restrict xi = s->xi;
  float *restrict x = (float *)k;
  const float *restrict a = s->a, *restrict b = s->b;
  if (noise) normals(xi, (count + 2 * LANES - 1) / (2 * LANES) * (2 * LANES));
  if (s->layout == CONTIGUOUS) {
    for (int r = 0; r < replicas; r++) {
      float *restrict xr = x + (size_t)2 * modes * r, *restrict xir = xi + (size_t)2 * modes * r;
      for (int m = 0; m < modes; m++) {
        xr[2 * m] = a[m] * xr[2 * m] + b[m] * xir[2 * m];
        xr[2 * m + 1] = a[m] * xr[2 * m + 1] + b[m] * xir[2 * m + 1];
      }
      hermitian(k + (size_t)modes * r, s->l, 1, 1, 1);
    }
  } else {
    for (int m = 0; m < modes; m++) {
      float am = a[m], bm = b[m];
      for (int i = 0; i < 2 * replicas; i++) {
        size_t at = (size_t)2 * m * replicas + i;
        x[at] = am * x[at] + bm * xi[at];
      }
    }
    hermitian(k, s->l, replicas, 1, replicas);
  }
}

static void run(struct step *s, int noise) {
  for (int first = 0; first < s->r; first += s->batch) {
    float *phi = s->phi + (size_t)first * s->l * s->l;
    fftwf_complex *k = s->phik + (size_t)first * s->modes;
    fftwf_execute_dft_r2c(s->forward, phi, k);
    update(s, k, noise);
    fftwf_execute_dft_c2r(s->inverse, k, phi);
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static int ascending(const void *x, const void *y) {
  double d = *(const double *)x - *(const double *)y;
  return (d > 0) - (d < 0);
}

static double median(struct step *s, int noise) {
  double begin = now();
  int warm = 0;
  while (now() - begin < 1e8) run(s, noise), warm++;
  int repeats = warm / 5 + 1;
  double times[15];
  for (int i = 0; i < 15; i++) {
    double start = now();
    for (int k = 0; k < repeats; k++) run(s, noise);
    times[i] = (now() - start) / repeats / ((double)s->l * s->l * s->r);
  }
  qsort(times, 15, sizeof *times, ascending);
  return times[7];
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s L R [patient]\n", argv[0]);
    return 2;
  }
  int l = atoi(argv[1]), r = atoi(argv[2]);
  if (l < 2 || r < 1) {
    fprintf(stderr, "L must be at least 2 and R at least 1\n");
    return 2;
  }
  unsigned flags = argc > 3 && !strcmp(argv[3], "patient") ? FFTW_PATIENT : FFTW_MEASURE;
  seed();
  struct { const char *name; enum layout layout; int batch; } tries[] = {
      {"contiguous", CONTIGUOUS, 1}, {"contiguous", CONTIGUOUS, 16}, {"contiguous", CONTIGUOUS, r},
      {"strided", STRIDED, r}, {"blocked", BLOCKED, 16}};
  double best = 1e30, best_transforms = 1e30;
  const char *best_layout = "", *best_transforms_layout = "";
  int best_batch = 0, best_transforms_batch = 0;
  double by_layout[3] = {1e30, 1e30, 1e30};
  for (int i = 0; i < 5; i++) {
    int batch = tries[i].batch;
    if (r % batch || (i > 0 && r == 1)) continue;
    struct step s = make(l, r, tries[i].layout, batch, flags);
    double transforms = median(&s, 0), step = median(&s, 1);
    if (step < by_layout[tries[i].layout]) by_layout[tries[i].layout] = step;
    if (step < best) best = step, best_layout = tries[i].name, best_batch = batch;
    if (transforms < best_transforms) {
      best_transforms = transforms, best_transforms_layout = tries[i].name, best_transforms_batch = batch;
    }
    destroy(&s);
  }
  printf("{\"L\":%d,\"replicas\":%d,\"step\":%.3f,\"stepLayout\":\"%s/%d\",\"transforms\":%.3f,"
         "\"transformsLayout\":\"%s/%d\"", l, r, best, best_layout, best_batch, best_transforms, best_transforms_layout,
         best_transforms_batch);
  const char *names[3] = {"contiguous", "strided", "blocked"};
  for (int i = 0; i < 3; i++) {
    if (by_layout[i] < 1e30) printf(",\"%s\":%.3f", names[i], by_layout[i]);
  }
  printf("}\n");
  return 0;
}
