/* tramctl: the table of commands, and how its line is read. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs/ctl.h"

static const struct ctl_option import_options[] = {
    {"--check", NULL, "only check the rows; nothing is written"}, {0}};
static const struct ctl_option procedures_options[] = {
    {"--yes", NULL, "apply what differs without asking"},
    {"--check", NULL, "only show what differs"},
    {0},
};
static const struct ctl_option areas_options[] = {
    {"--communes", "FILE", "also replace the list of communes (CSV)"}, {0}};
static const struct ctl_option staff_list_options[] = {
    {"--agency", "CODE", "only those of this agency"}, {0}};
static const struct ctl_option staff_add_options[] = {
    {"--user", "NAME", "what they sign in with"},
    {"--name", "TEXT", "their name; citizens are not told"},
    {"--title", "TEXT", "their office, which citizens are told"},
    {"--role", "ROLE", "dispatcher, officer, leader, inspector or admin"},
    {"--agency", "CODE", "the agency they belong to"},
    {"--phone", "NUMBER", "for emergencies, by SMS"},
    {"--generate", NULL, "make a password and print it, instead of asking for one"},
    {0},
};
static const struct ctl_option password_options[] = {
    {"--generate", NULL, "make a password and print it, instead of asking for one"}, {0}};
static const struct ctl_option looks_options[] = {
    {"--against", "FILE", "what an earlier run printed with --json: none of that may be missing"},
    {0},
};
static const struct ctl_option seed_options[] = {
    {"--reports", "N", "how many field reports (10000)"},
    {"--citizens", "N", "how many citizens file them (1000)"},
    {"--days", "N", "over how many days up to now (180)"},
    {"--seed", "N", "of the random choices, so that a set can be made again (1)"},
    {"--procedures", "N", "so many made-up procedures too (0)"},
    {"--dossiers", "N", "so many dossiers too, of the procedures of the demonstration (0)"},
    {"--demo", "FOLDER", "first load the demonstration of this folder, into an empty store"},
    {"--if-empty", NULL, "make nothing where there are agencies already"},
    {0},
};
static const struct ctl_option copy_options[] = {
    {"--from", "STORE", "sqlite:FOLDER, mongodb://…, or a file that holds such a URL"},
    {"--to", "STORE", "the same; empty, or where this copy was begun"},
    {"--verify", NULL, "only compare the two"},
    {0},
};
static const struct ctl_option restore_options[] = {
    {"--tombstones", "FOLDER",
     "also those of who was erased since: tombstones/ of the old data folder"},
    {0},
};
static const struct ctl_option payments_options[] = {
    {"--state", "STATE", "taken, counted, to_refund (if it is not said), refunded or retained"},
    {0}};
static const struct ctl_option refund_options[] = {
    {"--reference", "TEXT", "the paper by which it was given back; its payer is told"},
    {"--note", "TEXT", "for offices alone"},
    {0},
};
static const struct ctl_option reconcile_options[] = {
    {"--day", "DATE", "yyyy-mm-dd, in +07:00"},
    {"--take", NULL, "what is missing here is taken from the provider's list, and counted"},
    {0},
};
static const struct ctl_option markdown_options[] = {{"--markdown", NULL, "as the manual shows it"},
                                                     {0}};
static const struct ctl_option rotate_options[] = {
    {"--now", NULL, "use it at once, where an older one is known to others; one node only"},
    {"--distrust", NULL,
     "at once, and what older keys signed passes no more: a key leaked, all sign in again"},
    {0},
};
static const struct ctl_option seal_options[] = {
    {"--from", "SOURCE",
     "what seals it now: file:/path, credential:NAME, command:/program, or none"},
    {"--to", "SOURCE", "what is to seal it; then restart tramd with keys.source so"},
    {0},
};
static const struct ctl_option media_options[] = {
    {"--open", NULL, "open each original too, with its owner's key"},
    {"--offline", NULL, "in the data folder or at --store, where no tramd runs"},
    {0},
};
static const struct ctl_option steps_options[] = {
    {"--kind", "KIND", "report (the default) or dossier"},
    {"--markdown", NULL, "as the manual shows them"},
    {0},
};
static const struct ctl_option config_options[] = {
    {"--markdown", NULL, "as the manual shows the keys"},
    {"--example", NULL, "as a commented file (the default)"},
    {0},
};

static int ctl_help(struct ctl *c);

/* clang-format off */
static const struct ctl_command commands[] = {
    {"status", NULL, "", 0, NULL, "how the running tramd is doing", ctl_status, NULL},
    {"agencies", "list", "", 0, NULL, "every agency", ctl_list, "agencies"},
    {"agencies", "import", "FILE", 1, import_options, "add and change agencies from JSON, all rows or none", ctl_import, "agencies"},
    {"agencies", "webhook-key", "CODE", 1, NULL, "make a new secret for an agency's webhook and print it once", ctl_webhook_key, NULL},
    {"categories", "list", "", 0, NULL, "every category of reports", ctl_list, "categories"},
    {"categories", "import", "FILE", 1, import_options, "add and change categories from JSON, all rows or none", ctl_import, "categories"},
    {"procedures", "list", "", 0, NULL, "every version of every procedure", ctl_list, "procedures"},
    {"procedures", "import", "FILE", 1, procedures_options, "show what would change and every fault of the rows; then add new versions, all rows or none", ctl_procedures_import, NULL},
    {"routes", "list", "", 0, NULL, "which agency a report goes to", ctl_list, "routes"},
    {"routes", "import", "FILE", 1, import_options, "add and change routing rules from JSON, all rows or none", ctl_import, "routes"},
    {"staff", "list", "", 0, staff_list_options, "accounts of officials", ctl_list, "staff"},
    {"staff", "add", "", 0, staff_add_options, "make an account; its one-time-code secret is printed once", ctl_staff_add, NULL},
    {"staff", "passwd", "USER", 1, password_options, "set a new password; ends their sessions", ctl_staff_passwd, NULL},
    {"staff", "disable", "USER", 1, NULL, "close an account; ends its sessions", ctl_staff_switch, "disable"},
    {"staff", "enable", "USER", 1, NULL, "open an account again", ctl_staff_switch, "enable"},
    {"areas", "import", "FILE", 1, areas_options, "replace the borders of the communes from GeoJSON", ctl_areas_import, NULL},
    {"calendar", "import", "FILE", 1, NULL, "replace the calendar of the offices from JSON", ctl_calendar_import, NULL},
    {"keys", "list", "", 0, NULL, "the keys that sign and seal", ctl_list, "keys"},
    {"keys", "rotate", "", 0, rotate_options, "add a key; after auth.key_overlap it signs and seals, and the older only verify and open", ctl_keys_rotate, NULL},
    {"keys", "rewrap", "", 0, NULL, "wrap the keys of persons by the key in use; goes on where it was stopped", ctl_keys_rewrap, NULL},
    {"keys", "new", "", 0, NULL, "print a fresh master key", ctl_keys_new, NULL},
    {"keys", "seal", "", 0, seal_options, "seal the keyring by a master key, by another one, or not at all", ctl_keys_seal, NULL},
    {"looks", "verify", "", 0, looks_options, "prove that the log of looks at people's data is whole", ctl_looks_verify, NULL},
    {"consents", "verify", "PERSON", 1, NULL, "whether the ledger of a person's consents holds", ctl_consents_verify, NULL},
    {"payments", "list", "", 0, payments_options, "what was paid online, by what became of it", ctl_payments_list, NULL},
    {"payments", "refund", "ID", 1, refund_options, "note that money was given back", ctl_payments_refund, NULL},
    {"payments", "reconcile", "", 0, reconcile_options, "hold a day against the payment provider's list", ctl_payments_reconcile, NULL},
    {"dead-letters", "list", "", 0, NULL, "what could not be delivered", ctl_list, "dead-letters"},
    {"dead-letters", "replay", "ID", 1, NULL, "try one again", ctl_dead_replay, NULL},
    {"dead-letters", "drop", "ID", 1, NULL, "give one up", ctl_dead_drop, NULL},
    {"clock", "advance", "SECONDS", 1, NULL, "advance the clock of a demonstration", ctl_clock_advance, NULL},
    {"backup", NULL, "FOLDER", 1, NULL, "copy everything into a new folder while tramd serves", ctl_backup, NULL},
    {"restore", NULL, "FOLDER", 1, restore_options, "check a backup and put it into an empty data folder; no tramd may run", ctl_restore, NULL},
    {"copy", NULL, "", 0, copy_options, "move a province to another store, or go on with it; no tramd may run at either", ctl_copy, NULL},
    {"rebuild", NULL, "", 0, NULL, "recompute what is shown and counted, and tell what differed", ctl_rebuild, NULL},
    {"media", "check", "", 0, media_options, "hold every stored file against its hash and the documents that name it: missing, damaged, orphaned", ctl_media_check, NULL},
    {"seed", NULL, "", 0, seed_options, "fill a data folder, or the store of --store, with made-up citizens and reports; no tramd may run", ctl_seed, NULL},
    {"totp", NULL, "", 0, NULL, "read an account's secret and print its one-time code of this moment", ctl_totp, NULL},
    {"steps", NULL, "", 0, steps_options, "what may be done to a case: from which state, by whom", ctl_steps, NULL},
    {"config", NULL, "", 0, config_options, "the keys of the configuration", ctl_config, NULL},
    {"openapi", NULL, "", 0, NULL, "the interface as OpenAPI, as /openapi.json of this version tells it", ctl_openapi, NULL},
    {"version", NULL, "", 0, NULL, "the version of this program", ctl_version, NULL},
    {"help", NULL, "", 0, markdown_options, "this list", ctl_help, NULL},
};
/* clang-format on */

/* --- usage ------------------------------------------------------------------------------------ */

static void name_of(const struct ctl_command *k, char *out, size_t n)
{
    snprintf(out, n, "%s%s%s%s%s", k->group, k->verb ? " " : "", k->verb ? k->verb : "",
             k->n_args ? " " : "", k->args);
}

static void print_usage(FILE *to)
{
    fprintf(to, "usage: tramctl [--data FOLDER] [--store URL] [--json] COMMAND …\n\n");
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        char name[80];
        name_of(&commands[i], name, sizeof(name));
        fprintf(to, "  %-26s %s\n", name, commands[i].words);
    }
    fprintf(to, "\n  --data FOLDER  the data folder of tramd (TRAMCTL_DATA, or " CTL_DATA_DEFAULT
                ")\n  --store URL    as tramd's, for what is done while no tramd runs"
                "\n  --json         print answers as JSON\n  --help         after a command: its "
                "options\n");
}

static int ctl_help(struct ctl *c)
{
    if (ctl_option(c, "--markdown"))
        ctl_commands_markdown(commands, ARRAY_LEN(commands));
    else
        print_usage(stdout);
    return CTL_DONE;
}

static void print_command(const struct ctl_command *k, FILE *to)
{
    char name[80];
    name_of(k, name, sizeof(name));
    fprintf(to, "usage: tramctl [--data FOLDER] [--json] %s%s\n\n%s\n", name,
            k->options ? " [OPTION …]" : "", k->words);
    for (const struct ctl_option *o = k->options; o && o->name; o++) {
        char shown[60];
        snprintf(shown, sizeof(shown), "%s%s%s", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        fprintf(to, "  %-18s %s\n", shown, o->words);
    }
}

/* --- reading the line ------------------------------------------------------------------------- */

static const struct ctl_command *find(const char *group, const char *verb)
{
    for (size_t i = 0; group && i < ARRAY_LEN(commands); i++) {
        const struct ctl_command *k = &commands[i];
        if (strcmp(k->group, group) == 0 && (!k->verb || (verb && strcmp(k->verb, verb) == 0)))
            return k;
    }
    return NULL;
}

/* Index of an option of the command, -1 if it has none of that name. */
static int option_index(const struct ctl_command *k, const char *name, size_t n)
{
    for (int i = 0; k->options && k->options[i].name; i++) {
        if (strlen(k->options[i].name) == n && strncmp(k->options[i].name, name, n) == 0)
            return i;
    }
    return -1;
}

/* One option of the command at argv[*at]: "--name value", "--name=value" or a switch. */
static bool take_option(struct ctl *c, int argc, char **argv, int *at)
{
    const char *text = argv[*at];
    const char *equals = strchr(text, '=');
    size_t n = equals ? (size_t)(equals - text) : strlen(text);
    int index = option_index(c->command, text, n);
    if (index < 0)
        return false;
    if (!c->command->options[index].value) {
        c->values[index] = "";
        return !equals;
    }
    c->values[index] = equals ? equals + 1 : *at + 1 < argc ? argv[++*at] : NULL;
    return c->values[index] != NULL;
}

/* What stands behind the command. */
static int take_rest(struct ctl *c, int argc, char **argv, int at)
{
    int n = 0;
    for (; at < argc; at++) {
        if (strcmp(argv[at], "--help") == 0) {
            print_command(c->command, stdout);
            exit(CTL_DONE);
        }
        if (strcmp(argv[at], "--json") == 0)
            c->json = true;
        else if (strcmp(argv[at], "--data") == 0 && at + 1 < argc)
            c->data = argv[++at];
        else if (strcmp(argv[at], "--store") == 0 && at + 1 < argc)
            c->store = argv[++at];
        else if (strncmp(argv[at], "--", 2) != 0 && n < c->command->n_args)
            c->args[n++] = argv[at];
        else if (!take_option(c, argc, argv, &at))
            return ctl_fail("%s: not an option here, lacks its value, or is one word too many",
                            argv[at]),
                   CTL_USAGE;
    }
    if (n == c->command->n_args)
        return CTL_DONE;
    print_command(c->command, stderr);
    return CTL_USAGE;
}

static int read_line(struct ctl *c, int argc, char **argv)
{
    int at = 1;
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--help") == 0) {
            print_usage(stdout);
            exit(CTL_DONE);
        }
        if (strcmp(argv[at], "--json") == 0)
            c->json = true;
        else if (strcmp(argv[at], "--data") == 0 && at + 1 < argc)
            c->data = argv[++at];
        else if (strcmp(argv[at], "--store") == 0 && at + 1 < argc)
            c->store = argv[++at];
        else
            return ctl_fail("%s: not an option", argv[at]), CTL_USAGE;
    }
    c->command = find(at < argc ? argv[at] : NULL, at + 1 < argc ? argv[at + 1] : NULL);
    if (!c->command) {
        print_usage(stderr);
        return CTL_USAGE;
    }
    return take_rest(c, argc, argv, at + (c->command->verb ? 2 : 1));
}

int main(int argc, char **argv)
{
    struct arena arena;
    arena_init(&arena);
    const char *data = getenv("TRAMCTL_DATA");
    struct ctl c = {.data = data && *data ? data : CTL_DATA_DEFAULT, .arena = &arena};
    int status = read_line(&c, argc, argv);
    if (status == CTL_DONE)
        status = c.command->run(&c);
    arena_release(&arena);
    if (fflush(stdout) != 0 && status == CTL_DONE)
        status = CTL_FAILED;
    return status;
}
