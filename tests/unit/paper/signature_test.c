/* What a signature of a PDF is worth, in process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/paper/paper.h"
#include "media/paper/signature.h"
#include "tests/unit/paper/signers.h"

/* One root with an intermediate, a signer and a time-stamp authority; and a stranger's root. */
static struct identity root, between, lan, stamper, stranger, stranger_lan;
static struct trust trusted;

static int64_t now_ms(void)
{
    return (int64_t)time(NULL) * 1000;
}

static int set_up(void **state)
{
    (void)state;
    root = issue(&(struct issuing){.name = "Gốc quốc gia", .authority = true});
    between = issue(&(struct issuing){.name = "CA trung gian", .authority = true, .by = &root});
    lan = issue(&(struct issuing){.name = "Trần Thị Lan", .by = &root});
    stamper =
        issue(&(struct issuing){.name = "TSA", .by = &root, .extended = "critical,timeStamping"});
    stranger = issue(&(struct issuing){.name = "Nobody's root", .authority = true});
    stranger_lan = issue(&(struct issuing){.name = "Trần Thị Lan", .by = &stranger});
    return 0;
}

static int trust_root(void **state)
{
    (void)state;
    return trust_load(NULL, false, &trusted) == 0 &&
                   X509_STORE_add_cert(trusted.store, root.certificate)
               ? 0
               : -1;
}

static int forget_root(void **state)
{
    (void)state;
    trust_release(&trusted);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    struct identity *all[] = {&root, &between, &lan, &stamper, &stranger, &stranger_lan};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        identity_release(all[i]);
    return 0;
}

static struct bytes plain(void)
{
    return paper(1, "", "", NULL);
}

static struct media_facts judged(struct bytes b)
{
    struct media_facts facts = {0};
    assert_int_equal(pdf_signature_check(b.at, b.n, &trusted, now_ms(), &facts), 0);
    bytes_release(&b);
    return facts;
}

static const char *slug(const struct media_signature *s)
{
    return media_signature_words(s->flaw)->slug;
}

#define IS_JUDGED(facts, of, why)                                                                  \
    do {                                                                                           \
        struct media_facts f_ = (facts);                                                           \
        assert_string_equal(slug(&f_.signatures[f_.n_signatures ? f_.n_signatures - 1 : 0]), why); \
        assert_int_equal(f_.verdict, MEDIA_SIGNED_##of);                                           \
    } while (0)

static void a_paper_that_nobody_signed_says_so(void **state)
{
    (void)state;
    struct media_facts f = judged(plain());
    assert_int_equal(f.verdict, MEDIA_SIGNED_NONE);
    assert_int_equal(f.n_signatures, 0);
}

static void a_good_signature_is_valid(void **state)
{
    (void)state;
    struct media_facts f =
        judged(signed_paper(plain(), 0, &(struct signing){.by = &lan, .days_ago = 3}));
    const struct media_signature *s = &f.signatures[0];
    assert_string_equal(slug(s), "none");
    assert_int_equal(f.verdict, MEDIA_SIGNED_VALID);
    assert_int_equal(f.n_signatures, 1);
    assert_string_equal(s->signer, "Trần Thị Lan");
    assert_string_equal(s->issuer, "Gốc quốc gia");
    assert_true(s->serial[0] != '\0');
    assert_true(s->whole && !s->stamped && !s->timestamp);
    assert_int_equal(s->revocation, MEDIA_REVOCATION_UNKNOWN);
    assert_true(llabs(s->signed_ms - (now_ms() - INT64_C(3) * DAY * 1000)) < 60000);
}

static void a_chain_by_an_intermediate_that_comes_along_is_followed(void **state)
{
    (void)state;
    CLEANUP(identity_release)
    struct identity far = issue(&(struct issuing){.name = "Ba", .by = &between});
    IS_JUDGED(judged(signed_paper(plain(), 0, &(struct signing){.by = &far, .with = &between})),
              VALID, "none");
    IS_JUDGED(judged(signed_paper(plain(), 0, &(struct signing){.by = &far})), UNTRUSTED,
              "unknown");
}

static void strangers_are_not_trusted(void **state)
{
    (void)state;
    CLEANUP(identity_release)
    struct identity alone = issue(&(struct issuing){.name = "Tự ký"});
    IS_JUDGED(judged(signed_paper(plain(), 0, &(struct signing){.by = &alone})), UNTRUSTED,
              "unknown");
    IS_JUDGED(judged(signed_paper(plain(), 0, &(struct signing){.by = &stranger_lan})), UNTRUSTED,
              "unknown");
    IS_JUDGED(
        judged(signed_paper(plain(), 0, &(struct signing){.by = &stranger_lan, .with = &stranger})),
        UNTRUSTED, "unknown");
}

static void every_byte_but_the_signature_is_covered(void **state)
{
    (void)state;
    CLEANUP(bytes_release)
    struct bytes good = signed_paper(plain(), 0, &(struct signing){.by = &lan});
    size_t gap = find(&good, "/Contents <", 0) + 10;
    for (size_t at = 10; at < good.n; at += 97) {
        if (at > gap && at < gap + CONTENTS + 2)
            continue;
        struct bytes b = joined(good.at, good.n, "", 0);
        b.at[at] ^= 1;
        struct media_facts f = judged(b);
        assert_int_not_equal(f.verdict, MEDIA_SIGNED_VALID);
    }
    struct bytes changed = joined(good.at, good.n, "", 0);
    changed.at[find(&changed, "1 0 0 rg", 0)] = '0';
    IS_JUDGED(judged(changed), INVALID, "changed");
}

static void what_is_added_after_signing_is_seen(void **state)
{
    (void)state;
    CLEANUP(bytes_release)
    struct bytes good = signed_paper(plain(), 0, &(struct signing){.by = &lan});
    struct media_facts f = judged(joined(good.at, good.n, "%\n", 2));
    IS_JUDGED(f, INVALID, "appended");
    assert_false(f.signatures[0].whole);
}

static void rewrite_range(struct bytes *b, const char *numbers)
{
    size_t at = find(b, "/ByteRange [", 0) + strlen("/ByteRange [");
    memset(b->at + at, ' ', 30);
    memcpy(b->at + at, numbers, strlen(numbers));
}

/* The ranges are a lie, but the CMS is sound over what they say. */
static void half_a_file_is_not_signed(void **state)
{
    (void)state;
    size_t from, to;
    struct bytes b = with_room(plain(), 0, &from, &to);
    char numbers[64];
    snprintf(numbers, sizeof(numbers), "0 %zu %zu %zu", from, to, (b.n - to) / 2);
    rewrite_range(&b, numbers);
    CLEANUP(bytes_release)
    struct bytes covered = joined(b.at, from, b.at + to, (b.n - to) / 2);
    CLEANUP(bytes_release)
    struct bytes cms = cms_of(&(struct signing){.by = &lan}, covered.at, covered.n);
    fill(&b, from, &cms);
    IS_JUDGED(judged(b), INVALID, "appended");

    /* A gap that begins earlier than the signature: what lies in it could be anything. */
    b = with_room(plain(), 0, &from, &to);
    snprintf(numbers, sizeof(numbers), "0 %zu %zu %zu", from - 200, to, b.n - to);
    rewrite_range(&b, numbers);
    IS_JUDGED(judged(b), INVALID, "range");
}

static void nonsense_ranges_are_invalid(void **state)
{
    (void)state;
    static const char *const ranges[] = {
        "0 -5 10 20]",    "0 5]",         "]",
        "0 0 0 0]",       "5 10 20 30]",  "0 99999999999 2 3]",
        "0 10 5 20]",     "0 1 99999 1]", "0 1 2 9999999]",
        "(a) 1 2 3]",     "0 10 11 12]",  "0 10 12 4000000000]",
        "0 10 12 13 14]", "0 1.5 20 30]", "0 18446744073709551615 2 3]",
        "0 1 0 1]",       "0 10 12 0]",   "0x0 1 2 3]",
    };
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
        struct bytes b = signed_paper(plain(), 0, &(struct signing){.by = &lan});
        rewrite_range(&b, ranges[i]);
        IS_JUDGED(judged(b), INVALID, "range");
    }
    struct bytes cut = joined("%PDF /ByteRange", 15, "", 0);
    IS_JUDGED(judged(cut), INVALID, "range");
    struct bytes open = joined("%PDF /ByteRange [0 1 ", 21, "", 0);
    IS_JUDGED(judged(open), INVALID, "range");
}

static void what_is_no_signature_is_invalid(void **state)
{
    (void)state;
    size_t from, to;
    struct bytes empty = with_room(plain(), 0, &from, &to);
    IS_JUDGED(judged(empty), INVALID, "form");
    struct bytes not_hex = with_room(plain(), 0, &from, &to);
    not_hex.at[from + 5] = 'z';
    IS_JUDGED(judged(not_hex), INVALID, "range");
    /* Something behind the CMS, where nobody looks. */
    struct bytes more = signed_paper(plain(), 0, &(struct signing){.by = &lan});
    more.at[find(&more, "/Contents <", 0) + 10 + CONTENTS - 20] = '1';
    IS_JUDGED(judged(more), INVALID, "form");
    IS_JUDGED(
        judged(signed_paper(plain(), 0, &(struct signing){.by = &lan, .content_inside = true})),
        INVALID, "form");
    IS_JUDGED(judged(signed_paper(plain(), 0, &(struct signing){.by = &lan, .digest = EVP_sha1()})),
              INVALID, "weak");
}

static void certificates_hold_when_it_was_signed(void **state)
{
    (void)state;
    CLEANUP(identity_release)
    struct identity old =
        issue(&(struct issuing){.name = "Cũ", .by = &root, .from_days = -300, .until_days = -100});
    IS_JUDGED(judged(signed_paper(plain(), 0, &(struct signing){.by = &old, .days_ago = 50})),
              INVALID, "expired");
    IS_JUDGED(judged(signed_paper(plain(), 0, &(struct signing){.by = &old, .days_ago = 400})),
              INVALID, "expired");
    IS_JUDGED(judged(signed_paper(plain(), 0, &(struct signing){.by = &old, .days_ago = 200})),
              VALID, "none");
    /* Nobody signs tomorrow: a certificate that is yet to be does not hold. */
    CLEANUP(identity_release)
    struct identity coming =
        issue(&(struct issuing){.name = "Mai", .by = &root, .from_days = 10, .until_days = 100});
    IS_JUDGED(judged(signed_paper(plain(), 0, &(struct signing){.by = &coming, .days_ago = -20})),
              INVALID, "expired");
    CLEANUP(identity_release)
    struct identity sealed =
        issue(&(struct issuing){.name = "Khóa", .by = &root, .usage = "critical,keyEncipherment"});
    IS_JUDGED(judged(signed_paper(plain(), 0, &(struct signing){.by = &sealed})), INVALID, "usage");
}

static void authorities_stamps_are_believed(void **state)
{
    (void)state;
    struct media_facts f = judged(signed_paper(
        plain(), 0,
        &(struct signing){.by = &lan, .days_ago = 200, .stamp = &stamper, .stamp_days_ago = 5}));
    IS_JUDGED(f, VALID, "none");
    assert_true(f.signatures[0].stamped);
    assert_true(llabs(f.signatures[0].signed_ms - (now_ms() - INT64_C(5) * DAY * 1000)) < 60000);
    /* Of other bytes, or by who is no authority: the signer's own word is what is left. */
    f = judged(signed_paper(plain(), 0,
                            &(struct signing){.by = &lan,
                                              .days_ago = 20,
                                              .stamp = &stamper,
                                              .stamp_days_ago = 5,
                                              .stamp_other = true}));
    assert_false(f.signatures[0].stamped);
    CLEANUP(identity_release)
    struct identity false_stamper = issue(
        &(struct issuing){.name = "TSA", .by = &stranger, .extended = "critical,timeStamping"});
    f = judged(signed_paper(
        plain(), 0, &(struct signing){.by = &lan, .days_ago = 20, .stamp = &false_stamper}));
    assert_false(f.signatures[0].stamped);
    assert_int_equal(f.verdict, MEDIA_SIGNED_VALID);
}

/* With one list of the root in the folder. */
static struct media_facts judged_with(X509_CRL *list, const struct signing *how)
{
    trust_release(&trusted);
    assert_int_equal(trust_root(NULL), 0);
    sk_X509_CRL_push(trusted.lists, list);
    return judged(signed_paper(plain(), 0, how));
}

static void revoked_signers_are_refused(void **state)
{
    (void)state;
    const struct signing now = {.by = &lan};
    struct media_facts f = judged_with(list_of(&root, NULL, 0, 10), &now);
    IS_JUDGED(f, VALID, "none");
    assert_int_equal(f.signatures[0].revocation, MEDIA_REVOCATION_GOOD);
    f = judged_with(list_of(&root, lan.certificate, 2, 10), &now);
    IS_JUDGED(f, INVALID, "revoked");
    assert_int_equal(f.signatures[0].revocation, MEDIA_REVOCATION_BAD);
    /* The signer's word that it was before is worth nothing; an authority's is. */
    IS_JUDGED(judged_with(list_of(&root, lan.certificate, 2, 10),
                          &(struct signing){.by = &lan, .days_ago = 30}),
              INVALID, "revoked");
    IS_JUDGED(judged_with(list_of(&root, lan.certificate, 2, 10),
                          &(struct signing){.by = &lan, .stamp = &stamper, .stamp_days_ago = 30}),
              VALID, "none");
    /* An old list, and one by who is not the issuer, say nothing. */
    f = judged_with(list_of(&root, lan.certificate, 2, -1), &now);
    assert_int_equal(f.signatures[0].revocation, MEDIA_REVOCATION_UNKNOWN);
    struct identity false_root = {root.certificate, stranger.key};
    f = judged_with(list_of(&false_root, lan.certificate, 2, 10), &now);
    assert_int_equal(f.signatures[0].revocation, MEDIA_REVOCATION_UNKNOWN);
    assert_int_equal(f.verdict, MEDIA_SIGNED_VALID);
}

static void two_signatures_are_both_judged(void **state)
{
    (void)state;
    CLEANUP(identity_release)
    struct identity leader = issue(&(struct issuing){.name = "Nguyễn Văn Thành", .by = &root});
    struct bytes one = signed_paper(plain(), 0, &(struct signing){.by = &lan});
    size_t first_n = one.n;
    CLEANUP(bytes_release)
    struct bytes two = signed_paper(one, 1, &(struct signing){.by = &leader});
    struct media_facts f = judged(joined(two.at, two.n, "", 0));
    IS_JUDGED(f, VALID, "none");
    assert_int_equal(f.n_signatures, 2);
    assert_string_equal(f.signatures[0].signer, "Trần Thị Lan");
    assert_string_equal(f.signatures[1].signer, "Nguyễn Văn Thành");
    assert_false(f.signatures[0].whole);
    assert_true(f.signatures[1].whole);
    /* The first is whole still; the second was tampered with. */
    struct bytes bad = joined(two.at, two.n, "", 0);
    bad.at[first_n + 20] ^= 1;
    f = judged(bad);
    assert_int_equal(f.verdict, MEDIA_SIGNED_INVALID);
    assert_int_equal(f.signatures[0].verdict, MEDIA_SIGNED_VALID);
    assert_string_equal(slug(&f.signatures[1]), "changed");
    /* More than are told: not one of them is called valid. */
    struct bytes many = plain();
    for (int i = 0; i <= MEDIA_SIGNATURES_MAX; i++)
        many = signed_paper(many, i, &(struct signing){.by = &lan});
    f = judged(many);
    assert_int_equal(f.n_signatures, MEDIA_SIGNATURES_MAX);
    assert_int_equal(f.verdict, MEDIA_SIGNED_INVALID);
}

static void decoded_as(struct bytes b, enum media_signed verdict, const char *flaw)
{
    CLEANUP(media_result_release) struct media_result r;
    assert_int_equal(paper_decode(b.at, b.n, &limits, &trusted, now_ms(), &r), 0);
    assert_string_equal(slug(&r.facts.signatures[0]), flaw);
    assert_int_equal(r.facts.verdict, verdict);
    bytes_release(&b);
}

/* What the document takes for its signatures, and what the bytes show. */
static void a_signature_must_be_the_documents_own(void **state)
{
    (void)state;
    decoded_as(signed_paper(plain(), 0, &(struct signing){.by = &lan}), MEDIA_SIGNED_VALID, "none");
    /* The document lost its form: the signature is still in the bytes, and covers them to the end
     * if a signer of their own is put there. */
    struct bytes b = signed_paper(plain(), 0, &(struct signing){.by = &lan});
    struct maker *m = calloc(1, sizeof(*m));
    size_t last = 0;
    for (size_t at = find(&b, "startxref", 0); at < b.n; at = find(&b, "startxref", at + 1))
        last = at;
    m->out = open_memstream(&m->bytes, &m->n);
    fwrite(b.at, 1, b.n, m->out);
    long previous = strtol((const char *)b.at + last + 9, NULL, 10);
    object(m, 1, "<< /Type /Catalog /Pages 2 0 R >>");
    m->top = 101;
    ending(m, 1, previous, "");
    bytes_release(&b);
    decoded_as(maker_end(m), MEDIA_SIGNED_INVALID, "hidden");
    /* A signature dictionary whose /ByteRange is spelled so that it is not seen. */
    decoded_as(
        paper(1,
              "/AcroForm << /Fields [<< /FT /Sig /V << /Type /Sig /Byte#52ange [0 1 2 3] >> >>] >>",
              "", NULL),
        MEDIA_SIGNED_INVALID, "hidden");
}

int main(void)
{
    paper_prepare();
#define TEST(name) cmocka_unit_test_setup_teardown(name, trust_root, forget_root)
    const struct CMUnitTest tests[] = {
        TEST(a_paper_that_nobody_signed_says_so),
        TEST(a_good_signature_is_valid),
        TEST(a_chain_by_an_intermediate_that_comes_along_is_followed),
        TEST(strangers_are_not_trusted),
        TEST(every_byte_but_the_signature_is_covered),
        TEST(what_is_added_after_signing_is_seen),
        TEST(half_a_file_is_not_signed),
        TEST(nonsense_ranges_are_invalid),
        TEST(what_is_no_signature_is_invalid),
        TEST(certificates_hold_when_it_was_signed),
        TEST(authorities_stamps_are_believed),
        TEST(revoked_signers_are_refused),
        TEST(two_signatures_are_both_judged),
        TEST(a_signature_must_be_the_documents_own),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
