/* Runs a fuzz target once on each file named on the command line: the regressions, without clang.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"

#define INPUT_MAX ((size_t)4 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void closefp(FILE **file)
{
    if (*file)
        fclose(*file);
}

/* The target gets a block of exactly its input's size, so that a read behind it is seen. */
static int replay(const char *path)
{
    CLEANUP(closefp) FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return -1;
    long size = ftell(file);
    if (size < 0 || (size_t)size > INPUT_MAX || fseek(file, 0, SEEK_SET) != 0)
        return -1;
    CLEANUP(freep) uint8_t *bytes = malloc((size_t)size);
    if ((!bytes && size > 0) || fread(bytes, 1, (size_t)size, file) != (size_t)size)
        return -1;
    LLVMFuzzerTestOneInput(bytes, (size_t)size);
    return 0;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (replay(argv[i]) != 0) {
            fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return EXIT_FAILURE;
        }
    }
    printf("%d inputs\n", argc - 1);
    return EXIT_SUCCESS;
}
