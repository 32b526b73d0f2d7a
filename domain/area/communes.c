/* The list of communes from CSV. Every fault is told; the caller drops the set if there is one. */
#include "domain/area/area_private.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define COLUMNS 8
#define HEADER "code,type,name,full_name,name_en,label_lat,label_lon,neighbours"
#define NAME_BYTES 100

enum column { CODE, TYPE, NAME, FULL_NAME, NAME_EN, LAT, LON, NEIGHBOURS };

struct reading {
    struct area_set *set;
    struct buf *faults;
    bool faulty;
    size_t line;
    const char *neighbours[AREA_COMMUNES_MAX]; /* as text, until all codes are known */
};

static void __attribute__((format(printf, 2, 3))) fault(struct reading *r, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *words = arena_vprintf(&r->set->arena, fmt, ap);
    va_end(ap);
    r->faulty = true;
    buf_printf(r->faults, "line %zu: %s\n", r->line, words);
}

static bool is_code(const char *s)
{
    return strlen(s) == 5 && strspn(s, "0123456789") == 5;
}

static bool is_name(const char *s)
{
    size_t n = strlen(s);
    return n > 0 && n <= NAME_BYTES && text_valid(s, n);
}

static enum commune_type type_of(const char *s)
{
    static const char *const names[] = {
        [COMMUNE_XA] = "xa", [COMMUNE_PHUONG] = "phuong", [COMMUNE_DAC_KHU] = "dac_khu"};
    for (size_t i = 1; i < ARRAY_LEN(names); i++)
        if (strcmp(s, names[i]) == 0)
            return (enum commune_type)i;
    return 0;
}

static bool read_degrees(const char *s, double most, double *ret)
{
    char *end;
    if (!*s || strspn(s, "-.0123456789") != strlen(s))
        return false;
    *ret = strtod(s, &end);
    return !*end && *ret >= -most && *ret <= most;
}

/* Splits a line in place; false unless it has exactly COLUMNS fields. */
static bool split(char *line, char *fields[COLUMNS])
{
    size_t n = 0;
    for (char *field = line; field; n++) {
        char *comma = strchr(field, ',');
        if (comma)
            *comma = '\0';
        if (n == COLUMNS)
            return false;
        fields[n] = field;
        field = comma ? comma + 1 : NULL;
    }
    return n == COLUMNS;
}

static void read_commune(struct reading *r, char *line)
{
    struct area_set *set = r->set;
    char *fields[COLUMNS];
    if (strchr(line, '"')) {
        fault(r, "quoted fields are not read");
        return;
    }
    if (!split(line, fields)) {
        fault(r, "does not have %d fields", COLUMNS);
        return;
    }
    if (set->n == AREA_COMMUNES_MAX) {
        fault(r, "is one commune too many, at most %d", AREA_COMMUNES_MAX);
        return;
    }
    struct commune commune = {.code = fields[CODE], .type = type_of(fields[TYPE])};
    if (!is_code(fields[CODE]))
        fault(r, "code is not five digits");
    if (!commune.type)
        fault(r, "type is not xa, phuong or dac_khu");
    if (!is_name(fields[NAME]) || !is_name(fields[FULL_NAME]) || !is_name(fields[NAME_EN])) {
        fault(r, "a name is empty, longer than %d bytes or not UTF-8", NAME_BYTES);
        return;
    }
    commune.name = text_nfc(&set->arena, fields[NAME], strlen(fields[NAME]));
    commune.full_name = text_nfc(&set->arena, fields[FULL_NAME], strlen(fields[FULL_NAME]));
    commune.name_en = text_nfc(&set->arena, fields[NAME_EN], strlen(fields[NAME_EN]));
    if (!read_degrees(fields[LAT], 90, &commune.lat) ||
        !read_degrees(fields[LON], 180, &commune.lon))
        fault(r, "label_lat or label_lon is not in degrees");
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->communes[i].code, commune.code) == 0)
            fault(r, "code %s stands twice", commune.code);
    r->neighbours[set->n] = fields[NEIGHBOURS];
    set->communes[set->n++] = commune;
}

/* Cuts the next line off the text; NULL at its end. */
static char *next_line(char **rest)
{
    char *line = *rest;
    if (!line || !*line)
        return NULL;
    char *end = strchr(line, '\n');
    *rest = end ? end + 1 : NULL;
    if (!end)
        end = line + strlen(line);
    if (end > line && end[-1] == '\r')
        end--;
    *end = '\0';
    return line;
}

static struct commune *find(struct area_set *set, const char *code, size_t n)
{
    for (size_t i = 0; i < set->n; i++)
        if (strncmp(set->communes[i].code, code, n) == 0 && !set->communes[i].code[n])
            return &set->communes[i];
    return NULL;
}

static void link_neighbours(struct reading *r, struct commune *commune, const char *codes)
{
    for (const char *code = codes + strspn(codes, " "); *code; code += strspn(code, " ")) {
        size_t n = strcspn(code, " ");
        const struct commune *other = find(r->set, code, n);
        if (!other || other == commune)
            fault(r, "commune %s has a neighbour %.*s that is not another commune", commune->code,
                  (int)n, code);
        else if (commune->n_neighbours == AREA_NEIGHBOURS_MAX)
            fault(r, "commune %s has more than %d neighbours", commune->code, AREA_NEIGHBOURS_MAX);
        else
            commune->neighbours[commune->n_neighbours++] = other;
        code += n;
    }
}

static bool is_neighbour(const struct commune *of, const struct commune *who)
{
    for (size_t i = 0; i < of->n_neighbours; i++)
        if (of->neighbours[i] == who)
            return true;
    return false;
}

/* Of all communes at once, since a neighbour may stand in a later line. */
static void link_all(struct reading *r)
{
    struct area_set *set = r->set;
    for (size_t i = 0; i < set->n; i++) {
        r->line = i + 2;
        link_neighbours(r, &set->communes[i], r->neighbours[i]);
    }
    for (size_t i = 0; i < set->n; i++) {
        const struct commune *commune = &set->communes[i];
        r->line = i + 2;
        for (size_t j = 0; j < commune->n_neighbours; j++)
            if (!is_neighbour(commune->neighbours[j], commune))
                fault(r, "commune %s names neighbour %s, which does not name it", commune->code,
                      commune->neighbours[j]->code);
    }
}

static size_t count_lines(const char *s)
{
    size_t n = 1;
    for (; (s = strchr(s, '\n')); s++)
        n++;
    return n < AREA_COMMUNES_MAX ? n : AREA_COMMUNES_MAX;
}

int area_load_communes(struct area_set *set, const char *csv, size_t n, struct buf *faults)
{
    struct reading *r = ARENA_NEW(&set->arena, struct reading);
    r->set = set;
    r->faults = faults;
    r->line = 1;
    if (n > AREA_CSV_MAX || memchr(csv, '\0', n)) {
        fault(r, "the text is longer than %d bytes or not text", AREA_CSV_MAX);
        return AREA_FAULTY;
    }
    static const char mark[] = "\xef\xbb\xbf"; /* which spreadsheets put in front of UTF-8 */
    char *rest = arena_strndup(&set->arena, csv, n);
    if (strncmp(rest, mark, sizeof(mark) - 1) == 0)
        rest += sizeof(mark) - 1;
    set->communes = arena_array(&set->arena, count_lines(rest), sizeof(*set->communes));
    const char *header = next_line(&rest);
    if (!header || strcmp(header, HEADER) != 0) {
        fault(r, "the header is not " HEADER);
        return AREA_FAULTY;
    }
    for (char *line; (line = next_line(&rest));) {
        r->line++;
        read_commune(r, line);
    }
    if (set->n == 0)
        fault(r, "there is no commune");
    if (!r->faulty)
        link_all(r);
    return r->faulty ? AREA_FAULTY : 0;
}
