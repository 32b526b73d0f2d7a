/* A table that is not sound is refused at start, and the words say which row. */
#include "tests/unit/domain/entity_thing.h"

#include "base/cleanup.h"

struct small {
    int kind;
    const char *a, *b;
    struct thing_size size;
    int64_t n;
};

/* Names a row that takes the place of `b` in a table that is otherwise sound. */
static const char *fault_with(struct entity_field row)
{
    static const struct entity_field kind = {
        .name = "kind", .type = ENTITY_ENUM, AT(small, kind), .names = thing_kinds};
    struct entity_field rows[] = {
        kind,
        {.name = "a", .type = ENTITY_TEXT, AT(small, a), .kinds = 1 << THING_LAMP},
        row,
        {0},
    };
    struct entity e = {
        .name = "Small", .size = sizeof(struct small), .fields = rows, .kind = &rows[0]};
    return entity_fault(&e);
}

static int show_nothing(const void *record, unsigned see, struct buf *out)
{
    (void)record, (void)see, (void)out;
    return 0;
}

static void test_sound_tables(void **state)
{
    (void)state;
    const char *words = entity_fault(&thing_entity);
    if (words)
        fail_msg("%s", words);
    assert_null(fault_with((struct entity_field){
        .name = "b", .type = ENTITY_TEXT, AT(small, b), .max = 1, .see = SEE_EVERYBODY}));
    /* Rows of different kinds may share memory. */
    assert_null(fault_with((struct entity_field){
        .name = "b", .type = ENTITY_TEXT, AT(small, a), .kinds = 1 << THING_ROAD}));
}

static void test_unsound_rows(void **state)
{
    (void)state;
    static const struct entity_name unnamed[] = {{0}, {0}};
    static const struct entity_name twice[] = {{0}, {.name = "x"}, {.name = "x"}, {0}};
    static const struct entity_name from_zero[] = {{.name = "x"}, {.name = "y"}, {0}};
#define TEXT .type = ENTITY_TEXT, AT(small, b)
#define SIZE .type = ENTITY_OBJECT, AT(small, size), .of = &thing_size_entity
#define KIND .name = "b", .type = ENTITY_ENUM, AT(small, n)
    static const struct {
        struct entity_field row;
        const char *words;
    } cases[] = {
        {{.name = "a", TEXT}, "two rows have that name"},
        {{.name = "", TEXT}, "no name for a field"},
        {{.name = "B", TEXT}, "no name for a field"},
        {{.name = "_id", TEXT}, "no name for a field"},
        {{.name = "b.c", TEXT}, "no name for a field"},
        {{.name = "version", TEXT}, "no name for a field"},
        {{.name = "b", AT(small, b)}, "no such type"},
        {{.name = "b", .type = (enum entity_type)99, AT(small, b)}, "no such type"},
        {{.name = "b", TEXT, .of = &thing_size_entity}, "have a table"},
        {{.name = "b", .type = ENTITY_LIST, AT(small, b)}, "have a table"},
        {{.name = "b", TEXT, .names = thing_kinds}, "have names"},
        {{KIND}, "have names"},
        {{KIND, .names = unnamed}, "begin at index 1"},
        {{KIND, .names = from_zero}, "begin at index 1"},
        {{KIND, .names = twice}, "have one name"},
        {{.name = "b", .type = ENTITY_INT, AT(small, n), .max = 5}, "a bound where"},
        {{.name = "b", TEXT, .see = 1 << 6}, "no such audience"},
        {{.name = "b", TEXT, .flags = 1 << 3}, "no such flag"},
        {{.name = "b", TEXT, .flags = ENTITY_FLAT}, "only objects are flat"},
        {{.name = "b", SIZE, .flags = ENTITY_FLAT, .project = show_nothing}, "only objects"},
        {{.name = "b", .type = ENTITY_BYTES, AT(small, size), .project = show_nothing},
         "never shown"},
        {{.name = "b", TEXT, .shown_as = "{}"}, "without a projector"},
        {{.name = "b", TEXT, .project = show_nothing, .shown_as = "{"}, "not a JSON object"},
        {{.name = "b", TEXT, .project = show_nothing, .shown_as = "[]"}, "not a JSON object"},
        {{.name = "b", .type = ENTITY_TEXT, .offset = sizeof(struct small)}, "outside"},
        {{.name = "b", .type = ENTITY_POINT, AT(small, n)}, "outside"},
        {{.name = "b", .type = ENTITY_TEXT, .offset = SIZE_MAX - 3}, "outside"},
        {{.name = "b", .type = ENTITY_TEXT, .offset = offsetof(struct small, b) + 1}, "aligned"},
        {{.name = "b", .type = ENTITY_TEXT, AT(small, a)}, "shares memory"},
        {{.name = "b", .type = ENTITY_BOOL, .offset = offsetof(struct small, a) + 3},
         "shares memory"},
        {{.name = "b", TEXT, .kinds = 1 << THING_KINDS}, "names a kind"},
        {{.name = "b", TEXT, .kinds = 1}, "names a kind"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *words = fault_with(cases[i].row);
        if (!words || !strstr(words, cases[i].words))
            fail_msg("%zu (%s): %s", i, cases[i].words, words ? words : "found sound");
        assert_true(strncmp(words, "Small.", 6) == 0);
    }
}

static void test_unsound_tables(void **state)
{
    (void)state;
    static const struct entity_field plain[] = {
        {.name = "a", .type = ENTITY_TEXT, AT(small, a)},
        {.name = "kind", .type = ENTITY_ENUM, AT(small, kind), .names = thing_kinds, .kinds = 2},
        {0}};
    struct entity e = {.name = "Small", .size = sizeof(struct small), .fields = plain};
    assert_non_null(strstr(entity_fault(&e), "Small.kind: names a kind"));
    e.kind = &plain[1];
    assert_non_null(strstr(entity_fault(&e), "that every kind has"));
    e.kind = &plain[0];
    assert_non_null(strstr(entity_fault(&e), "that every kind has"));
    e.kind = &thing_fields[0];
    assert_non_null(strstr(entity_fault(&e), "not a row of the table"));

    struct entity empty = {.name = "Empty", .size = 8, .fields = &plain[2]};
    assert_non_null(strstr(entity_fault(&empty), "has a name, a size and rows"));

    /* A table that holds itself has no end. */
    struct entity loop = {.name = "Loop", .size = sizeof(struct entity_list)};
    struct entity_field rows[] = {{.name = "items", .type = ENTITY_LIST, .of = &loop}, {0}};
    loop.fields = rows;
    assert_non_null(strstr(entity_fault(&loop), "nested too deep"));
}

static void test_nested_faults(void **state)
{
    (void)state;
    static const struct entity_field inner_rows[] = {
        {.name = "version", .type = ENTITY_INT}, /* reserved at the top only */
        {.name = "a", .type = ENTITY_TEXT, .offset = 8, .see = 1 << 9},
        {0}};
    static const struct entity inner = {.name = "Inner", .size = 16, .fields = inner_rows};
    const char *words = fault_with(
        (struct entity_field){.name = "b", .type = ENTITY_OBJECT, AT(small, size), .of = &inner});
    assert_non_null(words);
    assert_string_equal(words, "Inner.a: no such audience");

    /* Flat: `a` would be shown twice. */
    static const struct entity_field flat_rows[] = {{.name = "a", .type = ENTITY_INT}, {0}};
    static const struct entity flat = {.name = "Flat", .size = 8, .fields = flat_rows};
    struct entity_field row = {
        .name = "b", .type = ENTITY_OBJECT, AT(small, size), .of = &flat, .flags = ENTITY_FLAT};
    words = fault_with(row);
    assert_non_null(words);
    assert_non_null(strstr(words, "under the name of another row"));
    row.flags = 0;
    assert_null(fault_with(row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound_tables),
        cmocka_unit_test(test_unsound_rows),
        cmocka_unit_test(test_unsound_tables),
        cmocka_unit_test(test_nested_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
