/* What needs no tramd, or must not have one: restore, config, version. */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/result.h"
#include "programs/backup.h"
#include "programs/config_tables.h"
#include "programs/ctl.h"

static int merge_tombstones(struct ctl *c, const char *folder)
{
    struct stores opened;
    const char *fault = NULL;
    if (access(folder, R_OK | X_OK) != 0)
        return E_IO;
    int done = stores_open_bare(c->data, NULL, NULL, &fault, &opened);
    if (done != 0)
        return done;
    done = stores_merge_tombstones(folder, opened.tombstones);
    stores_close(&opened);
    return done;
}

int ctl_restore(struct ctl *c)
{
    const char *file = NULL;
    if (c->store)
        return ctl_fail("a backup is restored into a data folder; a server has tools of its own");
    int done = backup_restore(c->args[0], c->data, ctl_progress, NULL, c->arena, &file);
    ctl_progress_end();
    if (done == E_REFUSED)
        return ctl_fail("%s: not empty; a backup is restored into a new folder", c->data);
    if (done != 0)
        return ctl_fail_with(file ? file : c->args[0], done);
    if (ctl_option(c, "--tombstones"))
        done = merge_tombstones(c, ctl_option(c, "--tombstones"));
    if (done != 0)
        return ctl_fail_with(ctl_option(c, "--tombstones"), done);
    static const struct ctl_column columns[] = {{"Đã phục hồi vào", "data"}, {0}};
    CLEANUP(json_decrefp) json_t *answer = json_pack("{s:s}", "data", c->data);
    ctl_facts(c, answer, columns);
    return CTL_DONE;
}

int ctl_config(struct ctl *c)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 1 << 20);
    if (ctl_option(c, "--markdown"))
        config_markdown(config_tables, config_tables_n, &out);
    else
        config_example(config_tables, config_tables_n, &out);
    if (out.failed)
        return ctl_fail_with("config", E_FULL);
    fwrite(out.data, 1, out.len, stdout);
    return CTL_DONE;
}

int ctl_version(struct ctl *c)
{
    if (c->json)
        printf("{\"version\":\"%s\"}\n", TRAM_VERSION);
    else
        printf("tramctl %s\n", TRAM_VERSION);
    return CTL_DONE;
}
