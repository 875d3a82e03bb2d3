/*
 * Peer of `rgflow bench images`: single-precision matrix products by OpenBLAS.
 *
 *   cc -O3 -march=native sgemm_openblas.c -o sgemm_openblas -lopenblas       (Debian: libopenblas-pthread-dev)
 *
 * Reads lines "M N K TA TB THREADS SECONDS" and answers each with one JSON line. C[M][N] = op(A) op(B), row-major;
 * TA and TB are n or t. Repeats the product for about SECONDS and prints the median time of one. The matrices
 * of all sizes stay, since questions about several may alternate; the first answer for new ones is preceded by a warm-up.
 */
#define _POSIX_C_SOURCE 199309L
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST = 100000 };
static const double WARM_UP = 0.2;

/* The matrices of a question. */
struct product {
  long m, n, k;
  char ta, tb;
  int threads;
  float *a, *b, *c;
};

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
static double repeat(const struct product *p, double seconds) {
  static double times[MOST];
  long m = p->m, n = p->n, k = p->k;
  CBLAS_TRANSPOSE at = p->ta == 't' ? CblasTrans : CblasNoTrans, bt = p->tb == 't' ? CblasTrans : CblasNoTrans;
  long runs = 0;
  double begin = now(), start = begin, end;
  do {
    cblas_sgemm(CblasRowMajor, at, bt, m, n, k, 1, p->a, at == CblasTrans ? m : k, p->b, bt == CblasTrans ? k : n, 0,
        p->c, n);
    end = now();
    times[runs++] = end - start;
    start = end;
  } while (end - begin < seconds && runs < MOST);
  qsort(times, runs, sizeof *times, ascending);
  return times[runs / 2];
}

static double processor_time(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* The library's threads spin on after a product, some 0.1 s: they must not take the processor from who is next. */
static void wait_for_idle_threads(void) {
  const struct timespec a_while = {0, 5000000};
  for (int i = 0; i < 100; i++) {
    double before = processor_time();
    nanosleep(&a_while, NULL);
    if (processor_time() - before < 1e-3) return;
  }
}

static int same(const struct product *p, const struct product *q) {
  return p->m == q->m && p->n == q->n && p->k == q->k && p->ta == q->ta && p->tb == q->tb && p->threads == q->threads;
}

int main(void) {
  struct product asked, *known = NULL;
  size_t count = 0;
  double seconds;
  while (scanf("%ld %ld %ld %c %c %d %lf", &asked.m, &asked.n, &asked.k, &asked.ta, &asked.tb, &asked.threads,
             &seconds) == 7) {
    if (asked.m < 1 || asked.n < 1 || asked.k < 1 || asked.threads < 1 || seconds <= 0) {
      fprintf(stderr, "sizes, threads and seconds must be positive\n");
      return 1;
    }
    openblas_set_num_threads(asked.threads);
    size_t i = 0;
    while (i < count && !same(known + i, &asked)) i++;
    if (i == count) {
      unsigned seed = 1;
      asked.a = matrix((size_t)asked.m * asked.k, &seed);
      asked.b = matrix((size_t)asked.k * asked.n, &seed);
      asked.c = matrix((size_t)asked.m * asked.n, &seed);
      known = realloc(known, (count + 1) * sizeof *known);
      if (!known) {
        fprintf(stderr, "out of memory\n");
        return 1;
      }
      known[count++] = asked;
      repeat(known + i, WARM_UP);
    }
    double median = repeat(known + i, seconds);
    if (asked.threads > 1) wait_for_idle_threads();
    printf("{\"seconds\": %.9g, \"threads\": %d, \"config\": \"%s\"}\n", median, openblas_get_num_threads(),
        openblas_get_config());
    fflush(stdout);
  }
  for (size_t i = 0; i < count; i++) {
    free(known[i].a);
    free(known[i].b);
    free(known[i].c);
  }
  free(known);
  return 0;
}
