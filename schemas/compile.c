#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/result.h"
#include "schemas/keyword.h"

struct definition {
    const char *name;
    struct node *node;
};

struct compiler {
    struct schema *schema;
    struct arena *arena; /* the caller's, for faults */
    struct schema_faults *faults;
    size_t nodes;
    size_t depth;
    struct definition *defs;
    size_t def_count;
};

static const struct place whole = {0};

void compile_fault(struct compiler *c, const struct place *at, const char *fmt, ...)
{
    if (c->faults->n >= SCHEMA_FAULTS_MAX)
        return;
    va_list ap;
    va_start(ap, fmt);
    c->faults->items[c->faults->n++] = (struct schema_fault){
        .pointer = place_pointer(c->arena, at),
        .words = arena_vprintf(c->arena, fmt, ap),
    };
    va_end(ap);
}

struct arena *compile_arena(struct compiler *c)
{
    return &c->schema->arena;
}

static bool is_known(const char *name)
{
    if (strncmp(name, "x-", 2) == 0)
        return true;
    for (size_t id = 0; id < KEYWORD_NOTHING; id++) {
        if (strcmp(keywords[id].name, name) == 0)
            return true;
    }
    return false;
}

static void refuse_unknown(struct compiler *c, const json_t *json, const struct place *at)
{
    const char *name;
    json_t *argument;
    json_object_foreach((json_t *)json, name, argument)
    {
        struct place place = {.parent = at, .key = name};
        if (!is_known(name))
            compile_fault(c, &place, "not a keyword of the supported subset");
    }
}

static void compile_rules(struct compiler *c, const json_t *json, const struct place *at,
                          struct node *ret)
{
    ret->rules = arena_array(compile_arena(c), json_object_size(json), sizeof *ret->rules);
    for (size_t id = 0; id < KEYWORD_NOTHING; id++) {
        const json_t *argument = json_object_get(json, keywords[id].name);
        if (!argument)
            continue;
        struct place place = {.parent = at, .key = keywords[id].name};
        struct rule rule = {.keyword = &keywords[id]};
        keywords[id].compile(c, argument, json, &place, &rule);
        if (keywords[id].check)
            ret->rules[ret->rule_count++] = rule;
    }
}

static void compile_into(struct compiler *c, const json_t *json, const struct place *at,
                         struct node *ret)
{
    if (json_is_boolean(json)) {
        ret->nothing = json_is_false(json);
    } else if (!json_is_object(json)) {
        compile_fault(c, at, "a schema must be an object, true or false");
    } else if (c->depth >= SCHEMA_DEPTH_MAX) {
        compile_fault(c, at, "schemas are nested more than %d deep", SCHEMA_DEPTH_MAX);
    } else {
        c->depth++;
        refuse_unknown(c, json, at);
        compile_rules(c, json, at, ret);
        c->depth--;
    }
}

static struct node *new_node(struct compiler *c, const struct place *at)
{
    if (c->nodes++ == SCHEMA_NODES_MAX)
        compile_fault(c, at, "more than %d schemas", SCHEMA_NODES_MAX);
    return ARENA_NEW(compile_arena(c), struct node);
}

const struct node *compile_node(struct compiler *c, const json_t *json, const struct place *at)
{
    struct node *node = new_node(c, at);
    if (c->nodes <= SCHEMA_NODES_MAX)
        compile_into(c, json, at, node);
    return node;
}

const struct node *compile_reference(struct compiler *c, const char *name)
{
    for (size_t i = 0; i < c->def_count; i++) {
        if (strcmp(c->defs[i].name, name) == 0)
            return c->defs[i].node;
    }
    return NULL;
}

/* All are named before any is compiled, so that they can refer to each other. */
static void compile_defs(struct compiler *c, const json_t *defs)
{
    struct place at = {.parent = &whole, .key = "$defs"};
    size_t n = json_object_size(defs);
    if (defs && (!json_is_object(defs) || n > SCHEMA_DEFS_MAX)) {
        compile_fault(c, &at, "must be an object of at most %d schemas", SCHEMA_DEFS_MAX);
        return;
    }
    c->defs = arena_array(compile_arena(c), n, sizeof *c->defs);
    const char *name;
    json_t *json;
    json_object_foreach((json_t *)defs, name, json)
    {
        struct place place = {.parent = &at, .key = name};
        c->defs[c->def_count++] = (struct definition){.name = name, .node = new_node(c, &place)};
    }
    size_t i = 0;
    json_object_foreach((json_t *)defs, name, json)
    {
        struct place place = {.parent = &at, .key = name};
        compile_into(c, json, &place, c->defs[i++].node);
    }
}

/*
 * Measures node->height, depth first. False if there is none, since a chain of schemas about one
 * value comes back to itself, or if it is too deep to be evaluated.
 */
static bool measure(const struct node *node, unsigned depth)
{
    struct node *marked = (struct node *)node;
    unsigned height = 0;
    if (node->height > 0)
        return true;
    if (node->open || depth >= SCHEMA_EVALUATION_DEPTH_MAX)
        return false;
    marked->open = true;
    for (size_t i = 0; i < node->rule_count; i++) {
        const struct rule *rule = &node->rules[i];
        for (size_t k = 0; rule->keyword->in_place && k < rule->node_count; k++) {
            if (!rule->nodes[k])
                continue;
            if (!measure(rule->nodes[k], depth + 1))
                return false;
            if (height < rule->nodes[k]->height)
                height = rule->nodes[k]->height;
        }
    }
    marked->open = false;
    marked->height = height + 1;
    return marked->height <= SCHEMA_EVALUATION_DEPTH_MAX;
}

static void refuse_endless(struct compiler *c)
{
    struct place defs = {.parent = &whole, .key = "$defs"};
    for (size_t i = 0; i < c->def_count; i++) {
        struct place place = {.parent = &defs, .key = c->defs[i].name};
        if (!measure(c->defs[i].node, 0)) {
            compile_fault(c, &place,
                          "refers to itself without descending into the value, or to others "
                          "more than %d deep",
                          SCHEMA_EVALUATION_DEPTH_MAX);
            return;
        }
    }
}

int schema_compile(const json_t *json, struct arena *a, struct schema **ret,
                   struct schema_faults *ret_faults)
{
    struct schema *s = calloc(1, sizeof *s);
    if (!s)
        return E_NOMEM;
    arena_init(&s->arena);
    s->json = json_deep_copy(json);
    if (!s->json) {
        schema_free(s);
        return json ? E_NOMEM : E_INVALID;
    }
    ret_faults->n = 0;
    struct compiler c = {.schema = s, .arena = a, .faults = ret_faults};
    compile_defs(&c, json_object_get(s->json, "$defs"));
    s->root = compile_node(&c, s->json, &whole);
    if (ret_faults->n == 0)
        refuse_endless(&c);
    if (ret_faults->n > 0) {
        schema_free(s);
        return SCHEMA_BAD;
    }
    *ret = s;
    return 0;
}

static int bad_text(struct schema_faults *ret, const char *words)
{
    ret->n = 1;
    ret->items[0] = (struct schema_fault){.pointer = "", .words = words};
    return SCHEMA_BAD;
}

int schema_compile_text(const char *text, size_t n, struct arena *a, struct schema **ret,
                        struct schema_faults *ret_faults)
{
    if (n > SCHEMA_TEXT_MAX)
        return bad_text(ret_faults, "the schema is too long");
    json_t *json = NULL;
    struct json_fault fault;
    int r = json_read(text, n, &json, &fault);
    if (r > 0)
        return bad_text(ret_faults,
                        arena_printf(a, "not JSON: %s, at byte %zu", fault.words, fault.offset));
    if (r == 0)
        r = schema_compile(json, a, ret, ret_faults);
    json_decref(json);
    return r;
}

void schema_free(struct schema *s)
{
    if (!s)
        return;
    arena_release(&s->arena);
    json_decref(s->json);
    free(s);
}

const json_t *schema_json(const struct schema *s)
{
    return s->json;
}
