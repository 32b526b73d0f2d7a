/*
 * The page tree (ISO 32000-2 §7.7.3), walked by hand: libraries follow a node that many name as
 * often as it is named, and ten levels of ten make ten milliards of pages.
 */
#include <math.h>

#include "media/paper/inspect_private.h"

#define DEPTH_MAX 64
#define UNIT_MAX 75000 /* of /UserUnit; 200 inches at 1/72 of a point is what readers do */

/* A node that is entered: its kids, how far they were followed, and the page box that they inherit.
 */
struct node {
    qpdf_oh kids, box;
    int at, n;
};

static bool read_box(qpdf_data q, qpdf_oh box, double ret[4])
{
    if (!qpdf_oh_is_array(q, box) || qpdf_oh_get_array_n_items(q, box) != 4)
        return false;
    for (int i = 0; i < 4; i++) {
        qpdf_oh number = qpdf_oh_get_array_item(q, box, i);
        bool good = qpdf_oh_get_value_as_number(q, number, &ret[i]) && isfinite(ret[i]);
        qpdf_oh_release(q, number);
        if (!good)
            return false;
    }
    return true;
}

static double unit_of(qpdf_data q, qpdf_oh page)
{
    qpdf_oh unit = qpdf_oh_get_key(q, page, "/UserUnit");
    double factor = 1;
    if (!qpdf_oh_get_value_as_number(q, unit, &factor))
        factor = 1;
    qpdf_oh_release(q, unit);
    return factor;
}

static enum media_fault look_at_page(struct inspecting *in, qpdf_oh page, qpdf_oh box)
{
    double corner[4], unit = unit_of(in->q, page);

    if (!read_box(in->q, box, corner))
        return MEDIA_FAULT_DAMAGED;
    double width = fabs(corner[2] - corner[0]) * unit, height = fabs(corner[3] - corner[1]) * unit;
    /* Written so that what is no number is refused too. */
    if (!(unit > 0 && unit <= UNIT_MAX && width >= 1 && height >= 1 &&
          width <= in->limits->points_max && height <= in->limits->points_max &&
          fabs(corner[0]) <= 1e6 && fabs(corner[1]) <= 1e6))
        return MEDIA_FAULT_PAGE_SIZE;
    if (in->ret->pages == 0) {
        in->ret->width = (uint32_t)ceil(width);
        in->ret->height = (uint32_t)ceil(height);
    }
    return ++in->ret->pages > in->limits->pages_max ? MEDIA_FAULT_TOO_MANY_PAGES : MEDIA_FAULT_NONE;
}

/* The box of a node or page: its own, else the inherited one. */
static qpdf_oh box_of(qpdf_data q, qpdf_oh object, qpdf_oh inherited)
{
    return qpdf_oh_has_key(q, object, "/MediaBox") ? qpdf_oh_get_key(q, object, "/MediaBox")
                                                   : inherited;
}

/* Enters the node on top's next kid: a page is counted, a node becomes the new top. */
static enum media_fault next_kid(struct inspecting *in, struct object_set *met, struct node *nodes,
                                 size_t *depth)
{
    struct node *top = &nodes[*depth - 1];
    qpdf_oh kid = qpdf_oh_get_array_item(in->q, top->kids, top->at++);

    if (!qpdf_oh_is_dictionary(in->q, kid) || !qpdf_oh_is_indirect(in->q, kid))
        return MEDIA_FAULT_DAMAGED;
    int added = object_set_add(met, in->q, kid);
    if (added <= 0) /* twice: a circle, or a multiplication */
        return added < 0 ? MEDIA_FAULT_TOO_COMPLEX : MEDIA_FAULT_DAMAGED;
    qpdf_oh box = box_of(in->q, kid, top->box);
    if (!qpdf_oh_has_key(in->q, kid, "/Kids"))
        return look_at_page(in, kid, box);
    qpdf_oh kids = qpdf_oh_get_key(in->q, kid, "/Kids");
    if (!qpdf_oh_is_array(in->q, kids) || *depth == DEPTH_MAX)
        return MEDIA_FAULT_DAMAGED;
    nodes[(*depth)++] = (struct node){kids, box, 0, qpdf_oh_get_array_n_items(in->q, kids)};
    return MEDIA_FAULT_NONE;
}

enum media_fault inspect_pages(struct inspecting *in)
{
    CLEANUP(object_set_release) struct object_set met = {0};
    struct node nodes[DEPTH_MAX];
    qpdf_oh root = qpdf_get_root(in->q);
    qpdf_oh pages = qpdf_oh_get_key_if_dict(in->q, root, "/Pages");
    qpdf_oh kids = qpdf_oh_get_key_if_dict(in->q, pages, "/Kids");
    size_t depth = 1;

    if (!qpdf_oh_is_array(in->q, kids) || object_set_add(&met, in->q, pages) < 0)
        return MEDIA_FAULT_DAMAGED;
    nodes[0] = (struct node){kids, qpdf_oh_get_key(in->q, pages, "/MediaBox"), 0,
                             qpdf_oh_get_array_n_items(in->q, kids)};
    while (depth > 0) {
        if (nodes[depth - 1].at == nodes[depth - 1].n) {
            depth--;
            continue;
        }
        enum media_fault fault = next_kid(in, &met, nodes, &depth);
        if (fault != MEDIA_FAULT_NONE)
            return fault;
    }
    return in->ret->pages ? MEDIA_FAULT_NONE : MEDIA_FAULT_NO_PAGES;
}
