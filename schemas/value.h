/*
 * Comparing JSON values as JSON Schema does: 1 and 1.0 are the same number, members have no order.
 * Work is counted in steps by a budget; a comparison whose budget is spent says false and 0.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct budget {
    uint64_t left;
    bool spent; /* stays: whatever was found since is worth nothing */
};

/* False if there is not so much left. */
bool budget_take(struct budget *b, uint64_t steps);

/* Steps to look at n bytes. */
static inline uint64_t budget_of_bytes(size_t n)
{
    return 1 + n / 64;
}

bool value_equal(struct budget *b, const json_t *x, const json_t *y);
/* Equal values have equal hashes. */
uint64_t value_hash(struct budget *b, const json_t *value);

/* -1, 0, 1; exact also between an integer and a real. */
int number_compare(const json_t *x, const json_t *y);
bool number_is_integer(const json_t *x); /* 1.0 is one */
bool number_is_multiple(const json_t *x, const json_t *of);
