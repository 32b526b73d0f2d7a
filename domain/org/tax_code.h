/*
 * Tax codes (mã số thuế), TT 105/2020/TT-BTC §5 and TT 86/2024/TT-BTC §5: 10 digits of which the
 * last is a check digit; 10, a dash and 3 for a branch; since 1/7/2025 a household business uses
 * the 12-digit personal identification number of its owner.
 */
#pragma once

#include <stdbool.h>

#define TAX_CODE_TEXT 15 /* of "0300588569-001", and the NUL */

enum tax_code_kind { TAX_CODE_NONE = 0, TAX_CODE_TEN, TAX_CODE_BRANCH, TAX_CODE_PERSON };

/* What the text is, or TAX_CODE_NONE. Of a person's number only that it can be one (card.h). */
enum tax_code_kind tax_code_check(const char *text, int this_year);
