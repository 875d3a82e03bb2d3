/*
 * Peer of `rgflow bench images`: single-precision matrix products by OpenBLAS.
 *
 *   cc -O3 -march=native sgemm_openblas.c -o sgemm_openblas -lopenblas       (Debian: libopenblas-pthread-dev)
 *
 * Reads lines "M N K TA TB THREADS SECONDS" and answers each with one JSON line. C[M][N] = op(A) op(B), row-major;
 * TA and TB are n or t. Prints the median time of a product: samples of whole products, each at least SECONDS / 10.
 */
#define _POSIX_C_SOURCE 199309L
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SAMPLES = 10 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static float *matrix(size_t size, unsigned *seed) {
  float *m = malloc(size * sizeof *m);
  if (!m) {
    fprintf(stderr, "out of memory\n");
    exit(1);
  }
  for (size_t i = 0; i < size; i++) {
    *seed = *seed * 1664525u + 1013904223u;
    m[i] = (*seed >> 8) * 0x1p-23f - 1;
  }
  return m;
}

int main(void) {
  long m, n, k;
  char ta, tb;
  int threads;
  double seconds;
  while (scanf("%ld %ld %ld %c %c %d %lf", &m, &n, &k, &ta, &tb, &threads, &seconds) == 7) {
    if (m < 1 || n < 1 || k < 1 || threads < 1 || seconds <= 0) {
      fprintf(stderr, "sizes, threads and seconds must be positive\n");
      return 1;
    }
    unsigned seed = 1;
    float *a = matrix((size_t)m * k, &seed), *b = matrix((size_t)k * n, &seed), *c = matrix((size_t)m * n, &seed);
    CBLAS_TRANSPOSE at = ta == 't' ? CblasTrans : CblasNoTrans, bt = tb == 't' ? CblasTrans : CblasNoTrans;
    long lda = ta == 't' ? m : k, ldb = tb == 't' ? k : n;
    double times[SAMPLES], begin = now();
    long calls = 0;
    openblas_set_num_threads(threads);
    do {
      cblas_sgemm(CblasRowMajor, at, bt, m, n, k, 1, a, lda, b, ldb, 0, c, n);
      calls++;
    } while (now() - begin < seconds / 2);
    long each = (long)(seconds / SAMPLES / ((now() - begin) / calls)) + 1;
    for (int s = 0; s < SAMPLES; s++) {
      double start = now();
      for (long i = 0; i < each; i++) cblas_sgemm(CblasRowMajor, at, bt, m, n, k, 1, a, lda, b, ldb, 0, c, n);
      times[s] = (now() - start) / each;
    }
    qsort(times, SAMPLES, sizeof *times, ascending);
    printf("{\"seconds\": %.9g, \"threads\": %d, \"config\": \"%s\"}\n", times[SAMPLES / 2], openblas_get_num_threads(),
        openblas_get_config());
    fflush(stdout);
    free(a);
    free(b);
    free(c);
  }
  return 0;
}
