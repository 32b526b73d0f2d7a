/*
 * Everything that can be answered instead of what was asked, as RFC 9457 problems. One visible
 * table: the OpenAPI document, the answers and their Vietnamese and English words all come from it.
 * type is "/problems/<slug>", which GET answers with the words below.
 */
#pragma once

#include <stddef.h>

/* name, status, slug, title vi, title en */
#define PROBLEMS(X)                                                                                \
    X(BAD_JSON, 400, "bad-json", "Nội dung gửi lên không phải JSON hợp lệ",                        \
      "The body is not valid JSON")                                                                \
    X(BAD_REQUEST, 400, "bad-request", "Yêu cầu không hợp lệ", "The request is malformed")         \
    X(KEY_MISSING, 400, "idempotency-key-missing", "Thiếu tiêu đề Idempotency-Key",                \
      "The header Idempotency-Key is missing")                                                     \
    X(SIGN_IN, 401, "sign-in-needed", "Cần đăng nhập", "You need to sign in")                      \
    X(TOKEN_BAD, 401, "token-invalid", "Phiên đăng nhập không hợp lệ hoặc đã hết hạn",             \
      "The access token is invalid or has expired")                                                \
    X(LOCKED, 401, "session-locked",                                                               \
      "Phiên làm việc đã khoá vì không dùng; hãy mở khoá để tiếp tục",                             \
      "The session is locked since it was not used; unlock it to go on")                           \
    X(CODE_WRONG, 401, "code-wrong", "Mã hoặc mật khẩu không đúng, hoặc đã hết hạn",               \
      "The code or password is wrong or has expired")                                              \
    X(EID_REFUSED, 401, "eid-refused",                                                             \
      "Chưa xác thực được bằng định danh điện tử; hãy bắt đầu lại",                                \
      "The e-ID sign-in was not accepted; begin again")                                            \
    X(PASSKEY_REFUSED, 401, "passkey-refused", "Khoá đăng nhập không được chấp nhận; hãy thử lại", \
      "The passkey was not accepted; try again")                                                   \
    X(SIGNATURE, 401, "signature-wrong", "Chữ ký không đúng hoặc đã quá hạn",                      \
      "The signature is wrong or too old")                                                         \
    X(NOT_FRESH, 403, "fresh-sign-in-needed", "Cần xác nhận lại bạn là ai trước khi làm việc này", \
      "Show once more who you are before doing this")                                              \
    X(LEVEL, 403, "level-too-low", "Việc này cần xác thực danh tính ở mức cao hơn",                \
      "This needs a higher level of identification")                                               \
    X(FORBIDDEN, 403, "forbidden", "Bạn không có quyền làm việc này", "You may not do this")       \
    X(NOT_ACTING, 403, "not-acting",                                                               \
      "Bạn không được thay mặt người hoặc tổ chức này làm việc này",                               \
      "You may not do this for that person or organisation")                                       \
    X(NOT_FOUND, 404, "not-found", "Không tìm thấy", "There is no such thing")                     \
    X(METHOD, 405, "method-not-allowed", "Phương thức không được hỗ trợ ở địa chỉ này",            \
      "This method is not supported here")                                                         \
    X(NOT_ACCEPTABLE, 406, "not-acceptable", "Không có dạng nội dung được yêu cầu",                \
      "No representation matches Accept")                                                          \
    X(WRONG_STATE, 409, "wrong-state", "Bước này không làm được ở trạng thái hiện tại",            \
      "This step is not possible in the present state")                                            \
    X(IN_PROGRESS, 409, "in-progress", "Yêu cầu cùng khoá đang được xử lý",                        \
      "A request with this key is still being handled")                                            \
    X(PASSKEYS_FULL, 409, "passkeys-full", "Mỗi tài khoản có nhiều nhất 10 khoá; hãy xoá bớt",     \
      "An account has at most 10 passkeys; remove one")                                            \
    X(LAST_WAY_IN, 409, "last-way-in", "Đây là cách đăng nhập cuối cùng nên không xoá được",       \
      "It is the last way to sign in, and cannot be removed")                                      \
    X(CONFLICT, 409, "conflict", "Dữ liệu vừa thay đổi, hãy tải lại rồi thử lại",                  \
      "The data has just changed; reload and try again")                                           \
    X(TAKEN, 409, "already-registered", "Đã có người đăng ký",                                     \
      "Somebody has registered it already")                                                        \
    X(EID_OTHER, 409, "eid-other-person",                                                          \
      "Định danh điện tử này là của người khác với tài khoản đang đăng nhập",                      \
      "This e-ID is another person's than the account that is signed in")                          \
    X(ERASURE_BLOCKED, 409, "erasure-blocked", "Chưa xoá được: còn việc phải kết thúc trước",      \
      "This cannot be erased yet: something must be ended first")                                  \
    X(NOTHING_OWED, 409, "nothing-owed", "Lúc này hồ sơ không có khoản nào phải nộp",              \
      "Nothing is to be paid for this dossier now")                                                \
    X(PAY_COUNTER, 409, "pay-at-counter", "Khoản này chỉ nộp được tại bộ phận một cửa",            \
      "This can only be paid at the counter")                                                      \
    X(NOT_TO_REFUND, 409, "nothing-to-refund", "Khoản này không phải hoàn trả",                    \
      "This is not to be given back")                                                              \
    X(GIVEN_BEFORE, 409, "given-before",                                                           \
      "Giấy tờ này đã có trong kho và còn hiệu lực: hãy đề nghị dùng lại, hoặc nêu lý do",         \
      "The document store has this paper and it holds: ask to use it, or give a reason")           \
    X(GONE, 410, "gone", "Đã hết hạn hoặc đã bị xoá", "It has expired or was removed")             \
    X(REVISED, 412, "revised", "Bản này đã được người khác sửa; hãy tải lại",                      \
      "Somebody changed this since you read it; reload")                                           \
    X(TOO_LARGE, 413, "too-large", "Nội dung quá lớn", "The body is too large")                    \
    X(MEDIA_TYPE, 415, "unsupported-media-type", "Kiểu nội dung không được hỗ trợ",                \
      "This content type is not supported")                                                        \
    X(RANGE, 416, "range-not-satisfiable", "Khoảng yêu cầu nằm ngoài tệp",                         \
      "The range lies outside the file")                                                           \
    X(CHECKSUM, 460, "checksum-mismatch",                                                          \
      "Phần vừa gửi bị sai lệch trên đường truyền; hãy gửi lại phần này",                          \
      "What arrived is not what the checksum is of; send this part again")                         \
    X(INVALID, 422, "invalid", "Một số trường chưa đúng", "Some fields are not right")             \
    X(KEY_REUSED, 422, "idempotency-key-reused", "Khoá Idempotency-Key đã dùng cho nội dung khác", \
      "The Idempotency-Key was used with another body")                                            \
    X(IF_MATCH_MISSING, 428, "if-match-missing", "Thiếu tiêu đề If-Match",                         \
      "The header If-Match is missing")                                                            \
    X(TOO_MANY, 429, "too-many-requests", "Bạn thao tác quá nhanh, hãy đợi một lát",               \
      "Too many requests; wait a moment")                                                          \
    X(HEADERS, 431, "headers-too-large", "Tiêu đề quá dài hoặc quá nhiều",                         \
      "The header fields are too large or too many")                                               \
    X(INTERNAL, 500, "internal", "Hệ thống gặp lỗi; chúng tôi đã ghi nhận",                        \
      "Something went wrong here; it has been noted")                                              \
    X(OVERLOADED, 503, "overloaded", "Hệ thống đang bận, hãy thử lại sau ít giây",                 \
      "The service is busy; try again in a few seconds")                                           \
    X(EID_AWAY, 503, "eid-unavailable",                                                            \
      "Hệ thống định danh điện tử chưa phản hồi, hãy thử lại sau",                                 \
      "The e-ID provider does not answer; try again later")                                        \
    X(PAY_AWAY, 503, "payment-unavailable", "Hệ thống thanh toán chưa phản hồi, hãy thử lại sau",  \
      "The payment provider does not answer; try again later")                                     \
    X(UNKNOWN_OUTCOME, 503, "outcome-unknown",                                                     \
      "Chưa rõ yêu cầu đã được ghi nhận chưa; hãy gửi lại với cùng khoá",                          \
      "It is not known whether this took effect; repeat it with the same key")                     \
    X(DISK_FULL, 507, "insufficient-storage", "Máy chủ hết chỗ lưu; chưa có gì bị mất",            \
      "The server is out of space; nothing was lost")

enum problem {
    PROBLEM_NONE = 0,
#define X(name, status, slug, vi, en) PROBLEM_##name,
    PROBLEMS(X)
#undef X
        PROBLEM_COUNT
};

enum language { LANGUAGE_VI = 0, LANGUAGE_EN = 1 };

struct problem_info {
    const char *name, *slug;
    int status;
    const char *title[2]; /* by enum language */
};
const struct problem_info *problem_info(enum problem p);
