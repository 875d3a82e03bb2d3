/*
 * Peer of `rgflow bench images`: single-precision matrix products by OpenBLAS.
 *
 *   cc -O3 -march=native sgemm_openblas.c -o sgemm_openblas -lopenblas       (Debian: libopenblas-pthread-dev)
 *
 * Reads lines "M N K TA TB THREADS SECONDS" and answers each with one JSON line. C[M][N] = op(A) op(B), row-major;
 * TA and TB are n or t. Repeats the product for about SECONDS and prints the median time of one; the matrices stay
 * while the sizes do, and the first answer for new ones is preceded by a warm-up.
 */
#define _POSIX_C_SOURCE 199309L
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST = 100000 };
static const double WARM_UP = 0.2;

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

/* C = op(A) op(B) again and again for about so long. Returns the median time of one. */
static double repeat(CBLAS_TRANSPOSE at, CBLAS_TRANSPOSE bt, long m, long n, long k, const float *a, const float *b,
    float *c, double seconds) {
  static double times[MOST];
  long runs = 0;
  double begin = now(), start = begin, end;
  do {
    cblas_sgemm(CblasRowMajor, at, bt, m, n, k, 1, a, at == CblasTrans ? m : k, b, bt == CblasTrans ? k : n, 0, c, n);
    end = now();
    times[runs++] = end - start;
    start = end;
  } while (end - begin < seconds && runs < MOST);
  qsort(times, runs, sizeof *times, ascending);
  return times[runs / 2];
}

int main(void) {
  long m, n, k, rows = 0, columns = 0, terms = 0;
  char ta, tb;
  int threads, before = 0;
  double seconds;
  float *a = NULL, *b = NULL, *c = NULL;
  /* The library's threads spin for some 25 ms after a product: they must not take the processor from who is next. */
  const struct timespec rest = {0, 40000000};
  while (scanf("%ld %ld %ld %c %c %d %lf", &m, &n, &k, &ta, &tb, &threads, &seconds) == 7) {
    if (m < 1 || n < 1 || k < 1 || threads < 1 || seconds <= 0) {
      fprintf(stderr, "sizes, threads and seconds must be positive\n");
      return 1;
    }
    CBLAS_TRANSPOSE at = ta == 't' ? CblasTrans : CblasNoTrans, bt = tb == 't' ? CblasTrans : CblasNoTrans;
    if (m != rows || n != columns || k != terms || threads != before) {
      free(a);
      free(b);
      free(c);
      unsigned seed = 1;
      a = matrix((size_t)m * k, &seed);
      b = matrix((size_t)k * n, &seed);
      c = matrix((size_t)m * n, &seed);
      rows = m;
      columns = n;
      terms = k;
      before = threads;
      openblas_set_num_threads(threads);
      repeat(at, bt, m, n, k, a, b, c, WARM_UP);
    }
    double median = repeat(at, bt, m, n, k, a, b, c, seconds);
    if (threads > 1) nanosleep(&rest, NULL);
    printf("{\"seconds\": %.9g, \"threads\": %d, \"config\": \"%s\"}\n", median, openblas_get_num_threads(),
        openblas_get_config());
    fflush(stdout);
  }
  free(a);
  free(b);
  free(c);
  return 0;
}
