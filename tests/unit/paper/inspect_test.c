/* What is taken as a paper and what is not, in process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gd.h>

#include "media/paper/inspect.h"
#include "media/paper/paper.h"
#include "tests/unit/paper/papers.h"

static enum media_fault inspected(struct bytes b)
{
    struct inspection found;
    enum media_fault fault = paper_inspect(b.at, b.n, &limits, &found);
    bytes_release(&b);
    return fault;
}

#define IS_REFUSED(paper, why) assert_string_equal(slug(inspected(paper)), slug(MEDIA_FAULT_##why))

static const char *slug(enum media_fault fault)
{
    return media_fault_words(fault)->slug;
}

static void a_paper_is_read_and_drawn(void **state)
{
    (void)state;
    CLEANUP(trust_release) struct trust nobody = {0};
    assert_int_equal(trust_load(NULL, false, &nobody), 0);
    CLEANUP(bytes_release) struct bytes b = paper(7, "", "", NULL);
    CLEANUP(media_result_release) struct media_result r;
    assert_int_equal(paper_decode(b.at, b.n, &limits, &nobody, 0, &r), 0);
    assert_int_equal(r.facts.type, MEDIA_TYPE_PDF);
    assert_int_equal(r.facts.pages, 7);
    assert_int_equal(r.facts.width, 595);
    assert_int_equal(r.facts.sound_bytes, b.n);
    assert_int_equal(r.facts.verdict, MEDIA_SIGNED_NONE);
    assert_int_equal(r.large.height, 1280);
    assert_int_equal(r.small.height, 320);
    gdImagePtr image = gdImageCreateFromJpegPtr((int)r.large.n, r.large.bytes);
    assert_non_null(image);
    int above = gdImageGetPixel(image, gdImageSX(image) / 2, 300);
    int below = gdImageGetPixel(image, gdImageSX(image) / 2, 980);
    int margin = gdImageGetPixel(image, 5, 5);
    gdImageDestroy(image);
    assert_true(gdTrueColorGetRed(above) > 200 && gdTrueColorGetBlue(above) < 60);
    assert_true(gdTrueColorGetBlue(below) > 200 && gdTrueColorGetRed(below) < 60);
    assert_true(gdTrueColorGetGreen(margin) > 240);
}

static void a_turned_page_lies_as_it_is_read(void **state)
{
    (void)state;
    CLEANUP(trust_release) struct trust nobody = {0};
    assert_int_equal(trust_load(NULL, false, &nobody), 0);
    CLEANUP(bytes_release) struct bytes b = paper(1, "", "/Rotate 90", NULL);
    CLEANUP(media_result_release) struct media_result r;
    assert_int_equal(paper_decode(b.at, b.n, &limits, &nobody, 0, &r), 0);
    assert_int_equal(r.large.width, 1280);
    assert_true(r.large.height < 1000);
}

static void what_acts_is_refused(void **state)
{
    (void)state;
    IS_REFUSED(paper(1, "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", "", NULL),
               SCRIPT);
    IS_REFUSED(paper(1, "/OpenAction << /S /J#61vaScript >>", "", NULL), SCRIPT);
    IS_REFUSED(paper(1, "/Names << /JavaScript << /Names [] >> >>", "", NULL), SCRIPT);
    IS_REFUSED(paper(1, "", "/AA << /O 5 0 R >>", "<< /S /Rendition /JS (x) >>"), SCRIPT);
    IS_REFUSED(
        paper(1, "",
              "/Annots [<< /Subtype /Link /A << /S /URI /Next [<< /S /Launch /F (cmd) >>] >> >>]",
              NULL),
        ACTION);
    IS_REFUSED(paper(1, "/OpenAction << /S /SubmitForm /F (http://a.example) >>", "", NULL),
               ACTION);
    IS_REFUSED(paper(1, "/OpenAction << /S /GoToE >>", "", NULL), ACTION);
    IS_REFUSED(paper(1, "/AcroForm << /Fields [] /XFA [(a) 4 0 R] >>", "", NULL), XFA);
}

static void what_is_only_named_like_it_is_taken(void **state)
{
    (void)state;
    assert_int_equal(inspected(paper(1, "", "/Fonts << /JS << /Type /Font >> /EF << >> >>", NULL)),
                     MEDIA_FAULT_NONE);
    assert_int_equal(inspected(paper(1, "/Title (/JS /Launch /JavaScript)", "", NULL)),
                     MEDIA_FAULT_NONE);
    assert_int_equal(
        inspected(paper(1, "",
                        "/Annots [<< /Subtype /Link /A << /S /URI /URI (https://a.example) >> >>]",
                        NULL)),
        MEDIA_FAULT_NONE);
}

static void other_files_inside_are_refused(void **state)
{
    (void)state;
    IS_REFUSED(paper(1, "/Names << /EmbeddedFiles << /Names [] >> >>", "", NULL), FILES_INSIDE);
    IS_REFUSED(paper(1, "", "/Annots [<< /Subtype /FileAttachment >>]", NULL), FILES_INSIDE);
    IS_REFUSED(paper(1, "/AF [<< /Type /Filespec /EF << /UF 4 0 R >> >>]", "", NULL), FILES_INSIDE);
    struct maker *m = maker_new();
    int next = put_pages(m, 1, "/Far 5 0 R", "");
    stream(m, next, "/F (other.bin)", "x", 1);
    ending(m, 0, -1, "");
    IS_REFUSED(maker_end(m), FILES_INSIDE);
}

static void pages_are_counted_and_measured(void **state)
{
    (void)state;
    assert_int_equal(inspected(paper(100, "", "", NULL)), MEDIA_FAULT_NONE);
    IS_REFUSED(paper(101, "", "", NULL), TOO_MANY_PAGES);
    IS_REFUSED(paper(200, "", "", NULL), TOO_MANY_PAGES);
    IS_REFUSED(paper(0, "", "", NULL), NO_PAGES);
    IS_REFUSED(paper(1, "", "/MediaBox [0 0 1000000 1000000]", NULL), PAGE_SIZE);
    IS_REFUSED(paper(1, "", "/MediaBox [0 0 595 842] /UserUnit 100", NULL), PAGE_SIZE);
    IS_REFUSED(paper(1, "", "/MediaBox [0 0 0 842]", NULL), PAGE_SIZE);
    IS_REFUSED(paper(1, "", "/MediaBox [0 0 1e400 842]", NULL), DAMAGED);
    IS_REFUSED(paper(1, "", "/MediaBox [0 0 (a) 842]", NULL), DAMAGED);
}

static void trees_that_go_in_circles_are_refused(void **state)
{
    (void)state;
    struct maker *m = maker_new();
    object(m, 1, "<< /Type /Catalog /Pages 2 0 R >>");
    object(m, 2, "<< /Type /Pages /Count 1 /MediaBox [0 0 9 9] /Kids [3 0 R] >>");
    object(m, 3, "<< /Type /Pages /Count 1 /Kids [2 0 R] >>");
    ending(m, 0, -1, "");
    IS_REFUSED(maker_end(m), DAMAGED);

    m = maker_new(); /* 10 to the 9th pages of ten nodes */
    object(m, 1, "<< /Type /Catalog /Pages 2 0 R >>");
    for (int i = 2; i < 11; i++) {
        object_begin(m, i);
        fprintf(m->out, "<< /Type /Pages /MediaBox [0 0 99 99] /Count 1000000000 /Kids [");
        for (int k = 0; k < 10; k++)
            fprintf(m->out, " %d 0 R", i + 1);
        fputs("] >>\nendobj\n", m->out);
    }
    object(m, 11, "<< /Type /Page /Parent 10 0 R >>");
    ending(m, 0, -1, "");
    IS_REFUSED(maker_end(m), DAMAGED);

    m = maker_new(); /* deeper than anybody writes */
    object(m, 1, "<< /Type /Catalog /Pages 2 0 R >>");
    for (int i = 2; i < 200; i++) {
        object_begin(m, i);
        fprintf(m->out,
                "<< /Type /Pages /MediaBox [0 0 99 99] /Count 1 /Kids [%d 0 R] >>\nendobj\n",
                i + 1);
    }
    object(m, 200, "<< /Type /Page /Parent 199 0 R >>");
    ending(m, 0, -1, "");
    IS_REFUSED(maker_end(m), DAMAGED);
}

static void packed_bombs_are_refused(void **state)
{
    (void)state;
    CLEANUP(bytes_release) struct bytes big = bomb((size_t)100 << 20);
    struct maker *m = maker_new();
    int next = put_pages(m, 1, "/All [5 0 R 6 0 R 7 0 R 8 0 R 9 0 R 10 0 R]", "");
    for (int i = 0; i < 6; i++)
        stream(m, next + i, "/Filter /FlateDecode", big.at, big.n);
    ending(m, 0, -1, "");
    IS_REFUSED(maker_end(m), TOO_COMPLEX);

    CLEANUP(bytes_release) struct bytes twice = deflated(big.at, big.n);
    m = maker_new();
    next = put_pages(m, 1, "/All [5 0 R]", "");
    stream(m, next, "/Filter [/FlateDecode /FlateDecode]", twice.at, twice.n);
    ending(m, 0, -1, "");
    IS_REFUSED(maker_end(m), TOO_COMPLEX);

    m = maker_new();
    next = put_pages(m, 1, "/All [5 0 R]", "");
    stream(m, next, "/Subtype /Image /Width 100000 /Height 100000", "x", 1);
    ending(m, 0, -1, "");
    IS_REFUSED(maker_end(m), TOO_MANY_PIXELS);
}

/* Streams that lie in each other: a million could be named in a file of 20 MB. */
static void overlapping_streams_are_refused(void **state)
{
    (void)state;
    struct maker *m = maker_new();
    int next = put_pages(m, 1, "/All 5 0 R", "");
    object_begin(m, next);
    for (int i = 1; i <= 400; i++)
        fprintf(m->out, "%s%d 0 R%s", i == 1 ? "[" : " ", next + i, i == 400 ? "]\nendobj\n" : "");
    for (int i = 1; i <= 400; i++) {
        object_begin(m, next + i);
        fprintf(m->out, "<< /Length %d >>\nstream\n", (401 - i) * 62);
    }
    for (int i = 0; i < 2000; i++)
        fputs("\nendstream\nendobj\n", m->out);
    ending(m, 0, -1, "");
    IS_REFUSED(maker_end(m), DAMAGED);
}

static void what_is_no_whole_pdf_is_refused(void **state)
{
    (void)state;
    CLEANUP(bytes_release) struct bytes good = paper(2, "", "", NULL);
    IS_REFUSED(joined(good.at, good.n / 2, "", 0), TRUNCATED);
    IS_REFUSED(joined(good.at, good.n, "<script>alert(1)</script>", 25), MIXED);
    IS_REFUSED(joined("\xFF\xD8\xFF\xE0", 4, good.at, good.n), NOT_IMAGE);
    IS_REFUSED(joined("#!/bin/sh\n", 10, good.at, good.n), NOT_IMAGE);
    IS_REFUSED(joined(good.at, 0, "", 0), EMPTY);
    IS_REFUSED(joined("%PDF-1.7\n", 9, "hello\n%%EOF\n", 12), DAMAGED);
    /* A ZIP whose comment is the end of the PDF. */
    struct bytes zip =
        joined(good.at, good.n, "PK\5\6\0\0\0\0\1\0\1\0\1\0\0\0\1\0\0\0\6\0%%EOF\n", 28);
    IS_REFUSED(zip, MIXED);
    /* White behind the end is nothing. */
    assert_int_equal(inspected(joined(good.at, good.n, "\r\n\0\0\0", 5)), MEDIA_FAULT_NONE);
    struct bytes torn = joined(good.at, good.n, "", 0);
    memset(torn.at + 60, 'x', 40);
    assert_int_not_equal(inspected(torn), MEDIA_FAULT_NONE);
}

static void what_is_locked_is_refused(void **state)
{
    (void)state;
    struct maker *m = maker_new();
    put_pages(m, 1, "", "");
    ending(
        m, 0, -1,
        "/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] /Encrypt << "
        "/Filter /Standard /V 1 /R 2 /P -4 /O "
        "<0000000000000000000000000000000000000000000000000000000000000000> /U "
        "<0000000000000000000000000000000000000000000000000000000000000000> >>");
    IS_REFUSED(maker_end(m), LOCKED);
    m = maker_new();
    put_pages(m, 1, "", "");
    ending(m, 0, -1, "/Encrypt << /Filter /Adobe.PubSec /V 4 >>");
    IS_REFUSED(maker_end(m), LOCKED);
}

int main(void)
{
    paper_prepare();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_is_read_and_drawn),
        cmocka_unit_test(a_turned_page_lies_as_it_is_read),
        cmocka_unit_test(what_acts_is_refused),
        cmocka_unit_test(what_is_only_named_like_it_is_taken),
        cmocka_unit_test(other_files_inside_are_refused),
        cmocka_unit_test(pages_are_counted_and_measured),
        cmocka_unit_test(trees_that_go_in_circles_are_refused),
        cmocka_unit_test(packed_bombs_are_refused),
        cmocka_unit_test(overlapping_streams_are_refused),
        cmocka_unit_test(what_is_no_whole_pdf_is_refused),
        cmocka_unit_test(what_is_locked_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
