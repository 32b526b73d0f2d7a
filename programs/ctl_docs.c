/* What the manual shows of the tables: the steps of each kind of case, the commands of this
 * program.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/result.h"
#include "domain/complaint/complaint.h"
#include "domain/dossier/dossier.h"
#include "domain/report/report.h"
#include "handlers/app.h"
#include "handlers/components/components.h"
#include "programs/ctl.h"
#include "schemas/builtin.h"

#define TEXT_MAX ((size_t)1 << 20)

struct bit_name {
    unsigned bit;
    const char *name;
};

static const struct bit_name parties[] = {
    {PARTY_OWNER, "citizen"},       {PARTY_DISPATCHER, "dispatcher"},
    {PARTY_OFFICER, "officer"},     {PARTY_LEADER, "leader"},
    {PARTY_SYSTEM, "clock"},        {PARTY_STAND_IN, "dispatcher (where nobody leads)"},
    {PARTY_DESK, "desk"},           {PARTY_INSPECTOR, "inspector"},
    {PARTY_ASKED, "who was asked"}, {0}};

static const struct drawn_kind {
    const struct case_kind *kind;
    const char *begins; /* arrows from where a case comes in */
} kinds[] = {
    {&report_kind,
     "    [*] --> dispatched: filed, by a rule\n    [*] --> new: filed, by no rule\n"},
    {&dossier_kind, "    [*] --> submitted: filed\n"},
    {&complaint_kind, "    [*] --> filed: filed\n"},
};

static void add_parties(unsigned mask, struct buf *out)
{
    const char *gap = "";
    for (const struct bit_name *n = parties; n->name; n++) {
        if (!(mask & n->bit))
            continue;
        buf_printf(out, "%s%s", gap, n->name);
        gap = ", ";
    }
}

static void add_states(const struct case_kind *k, uint32_t mask, struct buf *out)
{
    const char *gap = "";
    for (int s = 1; s < (int)k->n_states; s++) {
        if (!(mask & 1U << s))
            continue;
        buf_printf(out, "%s%s", gap, k->state_names[s].name);
        gap = ", ";
    }
}

/* The states that a row may lead to from one of those it leaves. */
static uint32_t reached(const struct case_kind *k, const struct case_row *row, int from)
{
    if (row->to == CASE_STAY)
        return 0;
    if (row->to != CASE_BACK)
        return 1U << row->to;
    uint32_t mask = 0;
    for (size_t i = 0; i < k->n_rows; i++) {
        const struct case_row *before = &k->rows[i];
        if (before->keeps_back && before->to == from)
            mask |= before->from;
    }
    return mask;
}

/* --- as a diagram ----------------------------------------------------------------------------- */

/* Whether an earlier row of this verb draws the same arrow. */
static bool drawn_before(const struct case_kind *k, size_t row, int from, int to)
{
    for (size_t i = 0; i < row; i++) {
        const struct case_row *r = &k->rows[i];
        if (strcmp(r->verb, k->rows[row].verb) == 0 && (r->from & 1U << from) &&
            (reached(k, r, from) & 1U << to))
            return true;
    }
    return false;
}

static void add_arrow(const struct case_kind *k, int from, int to, struct buf *out)
{
    const char *gap = ": ";
    for (size_t i = 0; i < k->n_rows; i++) {
        const struct case_row *r = &k->rows[i];
        if (!(r->from & 1U << from) || !(reached(k, r, from) & 1U << to) ||
            drawn_before(k, i, from, to))
            continue;
        if (gap[0] == ':')
            buf_printf(out, "    %s --> %s", k->state_names[from].name, k->state_names[to].name);
        buf_printf(out, "%s%s", gap, r->verb);
        gap = ", ";
    }
    if (gap[0] == ',')
        buf_add_char(out, '\n');
}

static void add_diagram(const struct drawn_kind *drawn, struct buf *out)
{
    const struct case_kind *k = drawn->kind;
    buf_add_str(out, "```mermaid\nstateDiagram-v2\n");
    for (int s = 1; s < (int)k->n_states; s++)
        buf_printf(out, "    %s: %s · %s\n", k->state_names[s].name, k->state_names[s].name,
                   k->state_names[s].label[0]);
    buf_add_str(out, drawn->begins);
    for (int from = 1; from < (int)k->n_states; from++) {
        for (int to = 1; to < (int)k->n_states; to++) {
            if (to != from)
                add_arrow(k, from, to, out);
        }
    }
    buf_add_str(out, "```\n\n");
}

/* --- as a table ------------------------------------------------------------------------------- */

/* Rows that differ only by a guard, by what they need or by whom they tell are one line. */
static bool alike(const struct case_row *a, const struct case_row *b)
{
    return strcmp(a->verb, b->verb) == 0 && a->from == b->from && a->to == b->to &&
           a->who == b->who;
}

static bool told_before(const struct case_kind *k, size_t row)
{
    for (size_t i = 0; i < row; i++) {
        if (alike(&k->rows[i], &k->rows[row]))
            return true;
    }
    return false;
}

/* What each of the rows alike needs; what only some of them need has a question mark. */
static void add_needs(const struct case_kind *k, const struct case_row *row, struct buf *out)
{
    unsigned every = ~0U, some = 0;
    for (size_t i = 0; i < k->n_rows; i++) {
        if (alike(&k->rows[i], row)) {
            every &= k->rows[i].needs;
            some |= k->rows[i].needs;
        }
    }
    const char *gap = "";
    for (const struct case_need *n = case_need_names; n->name; n++) {
        if (some & n->need) {
            buf_printf(out, "%s%s%s", gap, n->name, every & n->need ? "" : "?");
            gap = ", ";
        }
    }
}

static const char *to_words(const struct case_kind *k, const struct case_row *row)
{
    return row->to == CASE_STAY   ? "(stays)"
           : row->to == CASE_BACK ? "(back)"
                                  : k->state_names[row->to].name;
}

static json_t *step_of(const struct case_kind *k, const struct case_row *row)
{
    struct buf from, who, wants;
    buf_init(&from, TEXT_MAX);
    buf_init(&who, TEXT_MAX);
    buf_init(&wants, TEXT_MAX);
    add_states(k, row->from, &from);
    add_parties(row->who, &who);
    add_needs(k, row, &wants);
    json_t *step =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "verb", row->verb, "from", from.data, "to",
                  to_words(k, row), "who", who.data, "needs", wants.data ? wants.data : "", "label",
                  row->label[0], "label_en", row->label[1]);
    buf_release(&from);
    buf_release(&who);
    buf_release(&wants);
    return step;
}

static void add_step(const json_t *step, struct buf *out)
{
    static const char *const members[] = {"from", "to", "who", "needs", "label_en"};
    buf_printf(out, "| `%s` |", json_string_value(json_object_get(step, "verb")));
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        buf_printf(out, " %s |", json_string_value(json_object_get(step, members[i])));
    buf_add_char(out, '\n');
}

int ctl_steps(struct ctl *c)
{
    static const struct ctl_column columns[] = {{"Bước", "verb"},
                                                {"Từ", "from"},
                                                {"Đến", "to"},
                                                {"Ai", "who"},
                                                {"Cần", "needs"},
                                                {"Nhãn", "label"},
                                                {0}};
    const struct drawn_kind *drawn = kinds;
    const char *asked = ctl_option(c, "--kind");
    const char *name = asked ? asked : kinds[0].kind->name;
    while (drawn < kinds + ARRAY_LEN(kinds) && strcmp(drawn->kind->name, name) != 0)
        drawn++;
    if (drawn == kinds + ARRAY_LEN(kinds))
        return ctl_fail("--kind: report, dossier or complaint, not %s", name);
    const struct case_kind *k = drawn->kind;
    CLEANUP(buf_release) struct buf out = {0};
    CLEANUP(json_decrefp) json_t *steps = json_array();
    buf_init(&out, TEXT_MAX);
    add_diagram(drawn, &out);
    buf_add_str(&out, "| step | from | to | who | needs | |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < k->n_rows; i++) {
        if (told_before(k, i))
            continue;
        json_t *step = step_of(k, &k->rows[i]);
        add_step(step, &out);
        json_array_append_new(steps, step);
    }
    if (out.failed)
        return ctl_fail_with("steps", E_FULL);
    if (ctl_option(c, "--markdown"))
        fwrite(out.data, 1, out.len, stdout);
    else
        ctl_table(c, steps, columns);
    return CTL_DONE;
}

int ctl_openapi(struct ctl *c)
{
    char *text = NULL;
    size_t n = 0;
    const char *words = NULL;
    int done = schema_builtin_load(c->arena, &words);
    if (done == 0)
        done = gateway_describe(app_routes, app_components(c->arena), &text, &n, &words);
    if (done == 0)
        fwrite(text, 1, n, stdout);
    free(text);
    schema_builtin_unload();
    return done < 0 ? ctl_fail("openapi: %s", words) : CTL_DONE;
}

/* --- the commands ----------------------------------------------------------------------------- */

void ctl_commands_markdown(const struct ctl_command *commands, size_t n)
{
    printf("| command | what it does |\n|---|---|\n");
    for (size_t i = 0; i < n; i++) {
        const struct ctl_command *k = &commands[i];
        printf("| `%s%s%s%s%s`", k->group, k->verb ? " " : "", k->verb ? k->verb : "",
               k->n_args ? " " : "", k->args);
        for (const struct ctl_option *o = k->options; o && o->name; o++)
            printf(" `%s%s%s`", o->name, o->value ? " " : "", o->value ? o->value : "");
        printf(" | %s |\n", k->words);
    }
}
