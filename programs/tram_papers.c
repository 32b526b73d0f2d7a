/*
 * tram-papers: reads strangers' PDFs for tramd, in a sandbox, as tram-decoder does their pictures.
 *     tram-papers --prove            tries what the sandbox forbids; exit 0 only if all is denied
 *     tram-papers --trust FOLDER     says what it would believe of a folder of roots and lists
 * In a demonstration the folder has MEDIA_DEMONSTRATION before it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "media/paper/paper.h"
#include "media/pool.h"
#include "media/serve.h"

static struct trust trusted;

static int decode(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                  struct media_result *ret)
{
    return paper_decode(bytes, n, limits, &trusted, clock_now_ms(), ret);
}

/* `roots`: a folder, or NULL for none. */
static int load_trust(const char *roots)
{
    size_t mark = strlen(MEDIA_DEMONSTRATION);
    bool demonstration = roots && strncmp(roots, MEDIA_DEMONSTRATION, mark) == 0;
    return trust_load(demonstration ? roots + mark : roots, demonstration, &trusted);
}

static int tell_trust(const char *folder)
{
    int done = load_trust(folder);

    if (done == 0)
        printf("%zu roots, %d revocation lists\n", trusted.roots, sk_X509_CRL_num(trusted.lists));
    else
        fprintf(stderr, "tram-papers: %s: %s\n", folder, result_words(done));
    if (trusted.made_up > 0)
        printf("%zu of a demonstration, which are believed in one alone\n", trusted.made_up);
    trust_release(&trusted);
    return done == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--trust") == 0)
        return tell_trust(argv[2]);
    /* A folder that cannot be read believes nobody: papers are still taken. */
    if (load_trust(argc == 3 ? argv[2] : NULL) != 0) {
        trust_release(&trusted);
        load_trust(NULL);
    }
    paper_prepare();
    int status = decoder_serve("tram-papers", argc == 2 || argc == 3 ? argv[1] : NULL, decode);
    trust_release(&trusted);
    return status;
}
