/*
 * Results. Every function that can fail returns int:
 *   negative  a failure from the table below; forward it unchanged
 *   0         done
 *   positive  a named outcome that the caller must handle (STORE_CONFLICT, REPORT_REPEATED, …)
 */
#pragma once

/* name, value, English words for logs (never shown to people) */
#define RESULT_FAILURES(X)                                                                         \
    X(E_INVALID, -1, "the caller broke a precondition")                                            \
    X(E_NOMEM, -2, "out of memory")                                                                \
    X(E_IO, -3, "reading or writing failed")                                                       \
    X(E_FULL, -4, "a bound was reached, or the disk is full")                                      \
    X(E_BUSY, -5, "the resource is taken or overloaded; try later")                                \
    X(E_TIMEOUT, -6, "it took too long")                                                           \
    X(E_UNAVAILABLE, -7, "a part that is needed cannot be reached")                                \
    X(E_UNKNOWN, -8, "sent, but whether it took effect is not known")                              \
    X(E_CORRUPT, -9, "stored bytes are not what was written")                                      \
    X(E_FORM, -10, "a document of a newer form than this program knows")                           \
    X(E_PLAN, -11, "no declared access path serves this scan")                                     \
    X(E_CONFIG, -12, "the configuration is wrong")                                                 \
    X(E_CRYPTO, -13, "a cryptographic operation failed")                                           \
    X(E_REFUSED, -14, "a policy of this program forbids it")

enum result_failure {
#define X(name, value, words) name = value,
    RESULT_FAILURES(X)
#undef X
};

/* English words for a failure; never NULL. */
const char *result_words(int result);
