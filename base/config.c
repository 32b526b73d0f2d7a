#include "base/config_private.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/result.h"

#define FILE_MAX ((size_t)1024 * 1024)
#define TEST_PREFIX CONFIG_ENV_PREFIX "TEST_"
#define SECRET_SUFFIX ".secret_file"

struct config {
    struct arena memory;
    struct config_value *values; /* sorted by name */
    size_t n;
};

static int compare_values(const void *a, const void *b)
{
    return strcmp(((const struct config_value *)a)->key->name,
                  ((const struct config_value *)b)->key->name);
}

static struct config_value *find(const struct config *c, const char *name)
{
    struct config_key key = {.name = name};
    struct config_value wanted = {.key = &key};
    return bsearch(&wanted, c->values, c->n, sizeof wanted, compare_values);
}

static void fault(struct buf *faults, const char *origin, const char *name, const char *words)
{
    buf_printf(faults, "%s: %s: %s\n", origin, name, words);
}

static void set(struct config *c, const char *origin, struct config_value *value, const char *text,
                struct buf *faults)
{
    value->origin = origin;
    const char *words = config_value_read(&c->memory, text, value);
    if (words)
        fault(faults, origin, value->key->name, words);
}

static void collect_keys(struct config *c, const struct config_key *const *tables, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (const struct config_key *key = tables[i]; key->name; key++)
            c->n++;
    }
    c->values = arena_array(&c->memory, c->n, sizeof *c->values);
    struct config_value *value = c->values;
    for (size_t i = 0; i < n; i++) {
        for (const struct config_key *key = tables[i]; key->name; key++)
            (value++)->key = key;
    }
    qsort(c->values, c->n, sizeof *c->values, compare_values);
}

static bool ends_with(const char *s, const char *suffix)
{
    size_t n = strlen(s), suffix_n = strlen(suffix);
    return n > suffix_n && strcmp(s + n - suffix_n, suffix) == 0;
}

/* Faults of the program, not of the person who configures it. */
static void check_tables(struct config *c, struct buf *faults)
{
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";
    for (size_t i = 0; i < c->n; i++) {
        const struct config_key *key = c->values[i].key;
        if (key->name[strspn(key->name, characters)] != '\0' || !strchr(key->name, '.'))
            fault(faults, "table", key->name, "not a name of a key");
        if ((key->type == CONFIG_SECRET_FILE) != ends_with(key->name, SECRET_SUFFIX))
            fault(faults, "table", key->name, "secrets, and only they, end with " SECRET_SUFFIX);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(config_env_name(&c->memory, c->values[j].key->name),
                       config_env_name(&c->memory, key->name)) == 0)
                fault(faults, "table", key->name, "declared twice");
        }
    }
}

/* What inih reads from, line by line, so that a fault can name the line. */
struct source {
    struct config *c;
    struct buf *faults;
    const char *path, *rest;
    int line;
    bool indented; /* the line begins with a space: inih takes it as more of the key before */
};

/* As fgets; a line that does not fit is a fault and read as empty. */
static char *read_line(char *out, int size, void *stream)
{
    struct source *source = stream;
    if (*source->rest == '\0')
        return NULL;
    const char *line = source->rest;
    size_t n = (size_t)(strchrnul(line, '\n') - line);
    source->rest = line + n + (line[n] == '\n');
    source->line++;
    source->indented = *line == ' ' || *line == '\t';
    if (n + 2 > (size_t)size) {
        buf_printf(source->faults, "%s:%d: the line has more than %d bytes\n", source->path,
                   source->line, size - 2);
        n = 0;
    }
    memcpy(out, line, n);
    memcpy(out + n, "\n", 2);
    return out;
}

static int take_pair(void *user, const char *section, const char *key, const char *text)
{
    struct source *source = user;
    struct config *c = source->c;
    char *origin = arena_printf(&c->memory, "%s:%d", source->path, source->line);
    char *name =
        *section ? arena_printf(&c->memory, "%s.%s", section, key) : arena_strdup(&c->memory, key);
    struct config_value *value = find(c, name);
    if (!text)
        text = "";
    if (!value)
        fault(source->faults, origin, name, "unknown key");
    else if (!value->origin)
        set(c, origin, value, text, source->faults);
    else if (source->indented && value->key->type == CONFIG_LIST)
        set(c, origin, value, arena_printf(&c->memory, "%s,%s", value->text, text), source->faults);
    else
        fault(source->faults, origin, name,
              arena_printf(&c->memory, "already set at %s", value->origin));
    return 1;
}

static void load_file(struct config *c, const char *path, struct buf *faults)
{
    CLEANUP(buf_release) struct buf text;
    buf_init(&text, FILE_MAX);
    const char *words = config_file_read(path, FILE_MAX, false, &text);
    if (words) {
        buf_printf(faults, "%s: %s\n", path, words);
        return;
    }
    if (text.len == 0)
        return;
    if (strlen(text.data) != text.len) {
        buf_printf(faults, "%s: holds a NUL byte\n", path);
        return;
    }
    struct source source = {.c = c, .faults = faults, .path = path, .rest = text.data};
    int line = ini_parse_stream(read_line, &source, take_pair, &source);
    if (line > 0)
        buf_printf(faults, "%s:%d: neither [section] nor key = value\n", path, line);
    else if (line < 0)
        buf_printf(faults, "%s: %s\n", path, result_words(E_NOMEM));
}

static bool starts_with(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static struct config_value *find_by_env(struct config *c, const char *env)
{
    for (size_t i = 0; i < c->n; i++) {
        if (strcmp(config_env_name(&c->memory, c->values[i].key->name), env) == 0)
            return &c->values[i];
    }
    return NULL;
}

static void load_environment(struct config *c, struct buf *faults)
{
    for (char **entry = environ; entry && *entry; entry++) {
        const char *equals = strchr(*entry, '=');
        if (!equals || !starts_with(*entry, CONFIG_ENV_PREFIX) || starts_with(*entry, TEST_PREFIX))
            continue;
        char *name = arena_strndup(&c->memory, *entry, (size_t)(equals - *entry));
        struct config_value *value = find_by_env(c, name);
        if (value)
            set(c, "environment", value, equals + 1, faults);
        else
            fault(faults, "environment", name, "no key has this name");
    }
}

static void load_fallbacks(struct config *c, struct buf *faults)
{
    for (size_t i = 0; i < c->n; i++) {
        struct config_value *value = &c->values[i];
        if (value->origin)
            continue;
        if (value->key->fallback)
            set(c, "fallback", value, value->key->fallback, faults);
        else
            fault(faults, "configuration", value->key->name, "must be given");
    }
}

int config_load(const struct config_key *const *tables, size_t n, const char *path,
                struct config **ret, struct buf *faults)
{
    struct config *c = calloc(1, sizeof *c);
    if (!c)
        return E_NOMEM;
    size_t faults_before = faults->len;
    collect_keys(c, tables, n);
    check_tables(c, faults);
    if (path)
        load_file(c, path, faults);
    load_environment(c, faults);
    load_fallbacks(c, faults);
    if (faults->len > faults_before || faults->failed) {
        config_free(c);
        return E_CONFIG;
    }
    *ret = c;
    return 0;
}

void config_free(struct config *c)
{
    if (!c)
        return;
    arena_release(&c->memory);
    free(c);
}

#define TYPE(type) (1u << (type))

static const struct config_value *lookup(const struct config *c, const char *name, unsigned types)
{
    const struct config_value *value = find(c, name);
    if (!value || !(types & TYPE(value->key->type))) {
        fprintf(stderr, "config: %s: %s\n", name, value ? "has another type" : "in no table");
        abort();
    }
    return value;
}

const char *config_text(const struct config *c, const char *name)
{
    return lookup(c, name, TYPE(CONFIG_TEXT))->text;
}

int64_t config_int(const struct config *c, const char *name)
{
    return lookup(c, name, TYPE(CONFIG_INT) | TYPE(CONFIG_SIZE) | TYPE(CONFIG_DURATION))->number;
}

bool config_bool(const struct config *c, const char *name)
{
    return lookup(c, name, TYPE(CONFIG_BOOL))->number != 0;
}

struct config_list config_list(const struct config *c, const char *name)
{
    return lookup(c, name, TYPE(CONFIG_LIST))->list;
}

int config_secret(const struct config *c, const char *name, struct buf *ret)
{
    const char *path = lookup(c, name, TYPE(CONFIG_SECRET_FILE))->text;
    CLEANUP(arena_release) struct arena scratch = {0};
    if (*path == '\0') {
        const char *credentials = getenv("CREDENTIALS_DIRECTORY");
        if (!credentials)
            return CONFIG_UNSET;
        int n = (int)(strlen(name) - strlen(SECRET_SUFFIX));
        path = arena_printf(&scratch, "%s/%.*s", credentials, n, name);
        if (access(path, F_OK) < 0)
            return CONFIG_UNSET;
    }
    size_t before = ret->len;
    if (config_file_read(path, CONFIG_SECRET_MAX, true, ret) || ret->len == before)
        return ret->failed ? E_FULL : E_CONFIG;
    return 0;
}
