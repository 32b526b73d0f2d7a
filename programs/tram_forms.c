/*
 * tram-forms: makes PDFs of forms and slips for tramd, in a sandbox (media/form/form.h). Started by
 * media/pool.h with the folder of the fonts as second argument.
 *     tram-forms --prove                       tries what the sandbox forbids
 *     tram-forms --print FOLDER < SHEET.json   makes one by hand, to the standard output
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/result.h"
#include "media/channel.h"
#include "media/form/form.h"
#include "media/serve.h"

static int print(void)
{
    struct media_result made;
    uint8_t *bytes = malloc(FORM_BYTES_MAX + 1);
    size_t n = bytes ? fread(bytes, 1, FORM_BYTES_MAX + 1, stdin) : 0;
    int done = bytes ? form_make(bytes, n, NULL, &made) : E_NOMEM;
    if (done == 0 && fwrite(made.large.bytes, 1, made.large.n, stdout) != made.large.n)
        done = E_IO;
    if (done != 0)
        fprintf(stderr, "tram-forms: %s\n",
                done < 0 ? result_words(done) : media_fault_words(made.fault)->en);
    free(bytes);
    return done == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The threads of the libraries stay with the parent, which only waits. */
static int serve(const char *argument)
{
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
            return EXIT_FAILURE;
        return decoder_serve("tram-forms", argument, form_make);
    }
    close(CHANNEL_FD); /* its end is seen when the child's closes */
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return EXIT_FAILURE;
    return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    const char *first = argc > 1 ? argv[1] : "";
    if (argc != 3)
        return decoder_serve("tram-forms", argc == 2 ? first : NULL, form_make);
    int done = form_prepare(argv[2]);
    if (done != 0) {
        fprintf(stderr, "tram-forms: fonts of %s: %s\n", argv[2], result_words(done));
        return EXIT_FAILURE;
    }
    return strcmp(first, "--print") == 0 ? print() : serve(first);
}
