#include "base/result.h"

const char *result_words(int result)
{
    switch (result) {
#define X(name, value, words)                                                                      \
    case name:                                                                                     \
        return words;
        RESULT_FAILURES(X)
#undef X
    case 0:
        return "done";
    default:
        return result > 0 ? "a named outcome" : "an unknown failure";
    }
}
