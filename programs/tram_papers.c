/*
 * tram-papers: reads strangers' PDFs for tramd, in a sandbox, as tram-decoder does their pictures.
 *     tram-papers --prove            tries what the sandbox forbids; exit 0 only if all is denied
 *     tram-papers --trust FOLDER     says what it would believe of a folder of roots and lists
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "media/paper/paper.h"
#include "media/serve.h"

static struct trust trusted;

static int decode(const uint8_t *bytes, size_t n, const struct media_limits *limits,
                  struct media_result *ret)
{
    return paper_decode(bytes, n, limits, &trusted, clock_now_ms(), ret);
}

static int tell_trust(const char *folder)
{
    int done = trust_load(folder, &trusted);

    if (done == 0)
        printf("%zu roots, %d revocation lists\n", trusted.roots, sk_X509_CRL_num(trusted.lists));
    else
        fprintf(stderr, "tram-papers: %s: %s\n", folder, result_words(done));
    trust_release(&trusted);
    return done == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--trust") == 0)
        return tell_trust(argv[2]);
    /* A folder that cannot be read believes nobody: papers are still taken. */
    if (argc == 3 && trust_load(argv[2], &trusted) != 0) {
        trust_release(&trusted);
        trust_load(NULL, &trusted);
    } else if (argc != 3) {
        trust_load(NULL, &trusted);
    }
    paper_prepare();
    int status = decoder_serve("tram-papers", argc == 2 || argc == 3 ? argv[1] : NULL, decode);
    trust_release(&trusted);
    return status;
}
