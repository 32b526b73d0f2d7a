#include "media/paper/inspect_private.h"

#include <string.h>

#include "base/result.h"

#define TAIL 2048  /* %%EOF is looked for in so many bytes before the end */
#define ZIP_END 22 /* end of central directory record, without its comment */
#define ZIP_COMMENT_MAX 65535

/* --- what was met, and what is to come -------------------------------------------------------- */

static bool set_grow(struct object_set *set)
{
    struct object_set old = *set;
    size_t room = old.room ? old.room * 2 : 1024;
    uint64_t *slots = calloc(room, sizeof(*slots));

    if (!slots)
        return false;
    for (size_t i = 0; i < old.room; i++) {
        size_t at = (size_t)(old.slots[i] * 0x9E3779B97F4A7C15U) & (room - 1);
        if (old.slots[i] == 0)
            continue;
        while (slots[at])
            at = (at + 1) & (room - 1);
        slots[at] = old.slots[i];
    }
    free(old.slots);
    set->slots = slots;
    set->room = room;
    return true;
}

int object_set_add(struct object_set *set, qpdf_data q, qpdf_oh object)
{
    uint64_t key = ((uint64_t)(uint32_t)qpdf_oh_get_object_id(q, object) << 32 |
                    (uint32_t)qpdf_oh_get_generation(q, object)) +
                   1;

    if (set->n * 2 >= set->room && !set_grow(set))
        return E_NOMEM;
    size_t at = (size_t)(key * 0x9E3779B97F4A7C15U) & (set->room - 1);
    while (set->slots[at]) {
        if (set->slots[at] == key)
            return 0;
        at = (at + 1) & (set->room - 1);
    }
    set->slots[at] = key;
    set->n++;
    return 1;
}

bool object_stack_push(struct object_stack *stack, qpdf_oh object)
{
    if (stack->n == stack->room) {
        size_t room = stack->room ? stack->room * 2 : 256;
        qpdf_oh *items = realloc(stack->items, room * sizeof(*items));
        if (!items)
            return false;
        stack->items = items;
        stack->room = room;
    }
    stack->items[stack->n++] = object;
    return true;
}

/* --- the ends of the file --------------------------------------------------------------------- */

static bool is_white(uint8_t c)
{
    return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

/* An archive is found by its end: one whose comment reaches to the end of the file is one, and what
 * looks like a PDF is hidden in it. */
static bool is_zip(const uint8_t *bytes, size_t n)
{
    size_t from = n > ZIP_END + ZIP_COMMENT_MAX ? n - ZIP_END - ZIP_COMMENT_MAX : 0;

    for (size_t i = from; i + ZIP_END <= n; i++) {
        if (memcmp(bytes + i, "PK\5\6", 4) == 0 &&
            (size_t)(bytes[i + 20] | bytes[i + 21] << 8) == n - i - ZIP_END)
            return true;
    }
    return false;
}

static enum media_fault check_ends(const uint8_t *bytes, size_t n)
{
    static const char magic[] = "%PDF-", end[] = "%%EOF";
    size_t last = n;

    if (n < sizeof(magic) - 1 || memcmp(bytes, magic, sizeof(magic) - 1) != 0)
        return MEDIA_FAULT_NOT_IMAGE;
    if (is_zip(bytes, n))
        return MEDIA_FAULT_MIXED;
    while (last > 0 && is_white(bytes[last - 1]))
        last--;
    if (last >= sizeof(end) - 1 &&
        memcmp(bytes + last - (sizeof(end) - 1), end, sizeof(end) - 1) == 0)
        return MEDIA_FAULT_NONE;
    size_t tail = last > TAIL ? last - TAIL : 0;
    return memmem(bytes + tail, last - tail, end, sizeof(end) - 1) ? MEDIA_FAULT_MIXED
                                                                   : MEDIA_FAULT_TRUNCATED;
}

/* --- all of it -------------------------------------------------------------------------------- */

/* Errors that no function returned; a broken object is null to qpdf, and what another reader makes
 * of it is not known. */
static enum media_fault trouble(qpdf_data q)
{
    if (qpdf_has_error(q)) {
        enum qpdf_error_code_e code = qpdf_get_error_code(q, qpdf_get_error(q));
        if (code == qpdf_e_password || code == qpdf_e_unsupported)
            return MEDIA_FAULT_LOCKED;
        return code == qpdf_e_internal || code == qpdf_e_system ? MEDIA_FAULT_TOO_COMPLEX
                                                                : MEDIA_FAULT_DAMAGED;
    }
    return qpdf_more_warnings(q) ? MEDIA_FAULT_DAMAGED : MEDIA_FAULT_NONE;
}

static enum media_fault open_file(qpdf_data q, const uint8_t *bytes, size_t n)
{
    qpdf_silence_errors(q);
    qpdf_set_suppress_warnings(q, QPDF_TRUE);
    qpdf_set_attempt_recovery(q, QPDF_FALSE);
    QPDF_ERROR_CODE done = qpdf_read_memory(q, "upload", (const char *)bytes, n, "");
    if (done & QPDF_ERRORS)
        return trouble(q);
    while (qpdf_more_warnings(q))
        qpdf_next_warning(q); /* blemishes of the cross-reference, which was found whole */
    return qpdf_is_encrypted(q) ? MEDIA_FAULT_LOCKED : MEDIA_FAULT_NONE;
}

static void cleanup_qpdf(qpdf_data *q)
{
    qpdf_cleanup(q);
}

enum media_fault paper_inspect(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                               struct inspection *ret)
{
    memset(ret, 0, sizeof(*ret));
    if (n == 0)
        return MEDIA_FAULT_EMPTY;
    if (n > limits->bytes_max)
        return MEDIA_FAULT_TOO_MANY_BYTES;
    enum media_fault fault = check_ends(bytes, n);
    if (fault != MEDIA_FAULT_NONE)
        return fault;
    CLEANUP(cleanup_qpdf) qpdf_data q = qpdf_init();
    struct inspecting in = {.q = q, .limits = limits, .file_n = n, .ret = ret};
    fault = open_file(q, bytes, n);
    if (fault == MEDIA_FAULT_NONE)
        fault = inspect_pages(&in);
    if (fault == MEDIA_FAULT_NONE)
        fault = inspect_objects(&in);
    if (fault != MEDIA_FAULT_NONE && fault != MEDIA_FAULT_TOO_COMPLEX)
        return fault;
    enum media_fault late = trouble(q);
    return fault != MEDIA_FAULT_NONE ? fault : late;
}
