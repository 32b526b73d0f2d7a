#include "base/json.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* By jansson's code; what has no row is like the first. */
static const struct saying {
    enum json_error_code code;
    const char *said[2];
} sayings[] = {
    {json_error_invalid_syntax, {"không đúng cú pháp JSON", "not as JSON is written"}},
    {json_error_premature_end_of_input, {"hết giữa chừng", "it ends in the middle"}},
    {json_error_end_of_input_expected, {"thừa ký tự sau giá trị", "more behind the value"}},
    {json_error_invalid_utf8, {"không phải UTF-8", "not UTF-8"}},
    {json_error_null_character, {"có ký tự NUL", "a NUL character"}},
    {json_error_null_byte_in_key, {"có ký tự NUL", "a NUL character"}},
    {json_error_duplicate_key, {"tên trường bị lặp", "a member's name comes twice"}},
    {json_error_numeric_overflow, {"số quá lớn", "a number out of range"}},
    {json_error_stack_overflow, {"lồng quá nhiều tầng", "nested too deep"}},
};

static void set_fault(struct json_fault *ret, size_t offset, enum json_error_code code,
                      const char *words)
{
    const struct saying *found = &sayings[0];
    for (size_t i = 0; i < ARRAY_LEN(sayings); i++) {
        if (sayings[i].code == code)
            found = &sayings[i];
    }
    memcpy(ret->said, found->said, sizeof(ret->said));
    size_t n = text_cut(words, sizeof ret->words - 1);
    memcpy(ret->words, words, n);
    ret->words[n] = '\0';
    ret->offset = offset;
}

/*
 * Whether brackets outside of strings nest more than JSON_DEPTH_MAX deep. jansson's own bound is
 * 2048, recursive, and too much for the stack of a worker. Says nothing about other faults.
 */
static bool too_deep(const char *bytes, size_t n, size_t *ret_offset)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < n; i++) {
        char c = bytes[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > JSON_DEPTH_MAX) {
                *ret_offset = i;
                return true;
            }
        } else if (c == ']' || c == '}') {
            depth--;
        }
    }
    return false;
}

int json_read(const char *bytes, size_t n, json_t **ret, struct json_fault *ret_fault)
{
    const char *nul = n > 0 ? memchr(bytes, '\0', n) : NULL;
    if (nul) { /* jansson overlooks one behind the value */
        set_fault(ret_fault, (size_t)(nul - bytes), json_error_null_character, "a NUL byte");
        return JSON_NOT_JSON;
    }
    size_t offset;
    if (too_deep(bytes, n, &offset)) {
        set_fault(ret_fault, offset, json_error_stack_overflow, "nested too deep");
        return JSON_TOO_DEEP;
    }
    json_error_t error;
    json_t *value = json_loadb(bytes, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!value) {
        if (json_error_code(&error) == json_error_out_of_memory)
            arena_no_memory("json");
        set_fault(ret_fault, error.position > 0 ? (size_t)error.position : 0,
                  json_error_code(&error), error.text);
        return JSON_NOT_JSON;
    }
    *ret = value;
    return 0;
}

static bool has_real(const json_t *value)
{
    const char *name;
    const json_t *member;
    size_t i;
    json_array_foreach(value, i, member)
    {
        if (has_real(member))
            return true;
    }
    json_object_foreach((json_t *)(uintptr_t)value, name, member)
    {
        if (has_real(member))
            return true;
    }
    return json_is_real(value);
}

static char *written(struct arena *a, const json_t *value, size_t flags, size_t *ret_n)
{
    size_t n = json_dumpb(value, NULL, 0, flags);
    char *text = arena_alloc(a, n + 1);
    if (n == 0 || json_dumpb(value, text, n, flags) != n)
        arena_no_memory("json text"); /* a value without cycles fails for no other reason */
    *ret_n = n;
    return text;
}

/* 15 digits are how people write a number, 92.8; the few that are not told apart by so many have
 * the 17 that all need. */
char *json_canonical(struct arena *a, const json_t *value, size_t *ret_n)
{
    const size_t flags = JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY;
    if (!has_real(value))
        return written(a, value, flags, ret_n);
    char *text = written(a, value, flags | JSON_REAL_PRECISION(15), ret_n);
    CLEANUP(json_decrefp) json_t *again = json_loadb(text, *ret_n, JSON_DECODE_ANY, NULL);
    return again && json_equal(again, value) ? text : written(a, value, flags, ret_n);
}
