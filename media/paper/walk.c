/* Everything that is reached from the trailer, each object once. */
#include <string.h>

#include "media/paper/inspect_private.h"

#define OBJECTS_MAX 2000000 /* values looked at, numbers and names too */

/* What may stand under a key that would matter; resources may be named like any key. */
enum meant {
    MEANT_ANY,
    MEANT_CODE, /* text or a stream */
    MEANT_DICTIONARY,
    MEANT_FILES, /* a dictionary of a file specification's streams */
    MEANT_FORM,  /* a stream or an array */
};

static const struct {
    const char *key;
    enum meant meant;
    enum media_fault fault;
} bad_keys[] = {
    {"/JS", MEANT_CODE, MEDIA_FAULT_SCRIPT},
    {"/JavaScript", MEANT_DICTIONARY, MEDIA_FAULT_SCRIPT},
    {"/EmbeddedFiles", MEANT_DICTIONARY, MEDIA_FAULT_FILES_INSIDE},
    {"/EF", MEANT_FILES, MEDIA_FAULT_FILES_INSIDE},
    {"/RichMediaContent", MEANT_ANY, MEDIA_FAULT_FILES_INSIDE},
    {"/XFA", MEANT_FORM, MEDIA_FAULT_XFA},
};

static const struct {
    const char *key, *name;
    enum media_fault fault;
} bad_names[] = {
    {"/S", "/JavaScript", MEDIA_FAULT_SCRIPT},
    {"/S", "/Launch", MEDIA_FAULT_ACTION},
    {"/S", "/SubmitForm", MEDIA_FAULT_ACTION},
    {"/S", "/ImportData", MEDIA_FAULT_ACTION},
    {"/S", "/GoToE", MEDIA_FAULT_ACTION},
    {"/S", "/RichMediaExecute", MEDIA_FAULT_FILES_INSIDE},
    {"/Type", "/EmbeddedFile", MEDIA_FAULT_FILES_INSIDE},
    {"/Subtype", "/FileAttachment", MEDIA_FAULT_FILES_INSIDE},
    {"/Subtype", "/RichMedia", MEDIA_FAULT_FILES_INSIDE},
};

struct walk {
    struct inspecting *in;
    struct object_set met;
    struct object_stack ahead;
    size_t looked;
};

static void walk_release(struct walk *w)
{
    object_set_release(&w->met);
    object_stack_release(&w->ahead);
}

static bool is_meant(qpdf_data q, enum meant meant, qpdf_oh value)
{
    switch (meant) {
    case MEANT_CODE:
        return qpdf_oh_is_string(q, value) || qpdf_oh_is_stream(q, value);
    case MEANT_DICTIONARY:
        return qpdf_oh_is_dictionary(q, value);
    case MEANT_FILES:
        return qpdf_oh_is_dictionary(q, value) &&
               (qpdf_oh_has_key(q, value, "/F") || qpdf_oh_has_key(q, value, "/UF") ||
                qpdf_oh_has_key(q, value, "/DOS") || qpdf_oh_has_key(q, value, "/Mac") ||
                qpdf_oh_has_key(q, value, "/Unix"));
    case MEANT_FORM:
        return qpdf_oh_is_stream(q, value) || qpdf_oh_is_array(q, value);
    default:
        return true;
    }
}

static enum media_fault look_at_entry(qpdf_data q, const char *key, qpdf_oh value)
{
    for (size_t i = 0; i < ARRAY_LEN(bad_keys); i++) {
        if (strcmp(bad_keys[i].key, key) == 0 && is_meant(q, bad_keys[i].meant, value))
            return bad_keys[i].fault;
    }
    if (!qpdf_oh_is_name(q, value))
        return MEDIA_FAULT_NONE;
    for (size_t i = 0; i < ARRAY_LEN(bad_names); i++) {
        if (strcmp(bad_names[i].key, key) == 0 &&
            qpdf_oh_is_name_and_equals(q, value, bad_names[i].name))
            return bad_names[i].fault;
    }
    return MEDIA_FAULT_NONE;
}

static bool is_signature_entry(qpdf_data q, const char *key, qpdf_oh value)
{
    return strcmp(key, "/ByteRange") == 0 ||
           (strcmp(key, "/Type") == 0 && (qpdf_oh_is_name_and_equals(q, value, "/Sig") ||
                                          qpdf_oh_is_name_and_equals(q, value, "/DocTimeStamp")));
}

/* A value of a dictionary or array: kept for later if there is more in it, else given back. */
static enum media_fault keep(struct walk *w, qpdf_oh value)
{
    qpdf_data q = w->in->q;
    enum qpdf_object_type_e type = qpdf_oh_get_type_code(q, value);
    bool more = type == ot_array || type == ot_dictionary || type == ot_stream;

    if (++w->looked > OBJECTS_MAX)
        return MEDIA_FAULT_TOO_COMPLEX;
    if (more && qpdf_oh_is_indirect(q, value)) {
        int added = object_set_add(&w->met, q, value);
        if (added < 0)
            return MEDIA_FAULT_TOO_COMPLEX;
        more = added > 0;
    }
    if (more)
        return object_stack_push(&w->ahead, value) ? MEDIA_FAULT_NONE : MEDIA_FAULT_TOO_COMPLEX;
    qpdf_oh_release(q, value);
    return MEDIA_FAULT_NONE;
}

static enum media_fault look_at_dictionary(struct walk *w, qpdf_oh dictionary)
{
    qpdf_data q = w->in->q;
    enum media_fault fault = MEDIA_FAULT_NONE;
    bool signature = false;

    qpdf_oh_begin_dict_key_iter(q, dictionary);
    while (fault == MEDIA_FAULT_NONE && qpdf_oh_dict_more_keys(q)) {
        const char *key = qpdf_oh_dict_next_key(q);
        qpdf_oh value = qpdf_oh_get_key(q, dictionary, key);
        fault = look_at_entry(q, key, value);
        signature |= is_signature_entry(q, key, value);
        if (fault == MEDIA_FAULT_NONE)
            fault = keep(w, value);
    }
    w->in->ret->signatures += signature;
    return fault;
}

static enum media_fault look_at_array(struct walk *w, qpdf_oh array)
{
    enum media_fault fault = MEDIA_FAULT_NONE;
    int n = qpdf_oh_get_array_n_items(w->in->q, array);

    for (int i = 0; fault == MEDIA_FAULT_NONE && i < n; i++)
        fault = keep(w, qpdf_oh_get_array_item(w->in->q, array, i));
    return fault;
}

static enum media_fault look_at(struct walk *w, qpdf_oh object)
{
    qpdf_data q = w->in->q;

    if (qpdf_oh_is_array(q, object))
        return look_at_array(w, object);
    if (qpdf_oh_is_dictionary(q, object))
        return look_at_dictionary(w, object);
    qpdf_oh dictionary = qpdf_oh_get_dict(q, object);
    enum media_fault fault = look_at_dictionary(w, dictionary);
    if (fault == MEDIA_FAULT_NONE)
        fault = inspect_stream(w->in, object, dictionary);
    qpdf_oh_release(q, dictionary);
    return fault;
}

enum media_fault inspect_objects(struct inspecting *in)
{
    CLEANUP(walk_release) struct walk w = {.in = in};
    enum media_fault fault = keep(&w, qpdf_get_trailer(in->q));

    while (fault == MEDIA_FAULT_NONE && w.ahead.n > 0) {
        qpdf_oh object = w.ahead.items[--w.ahead.n];
        fault = look_at(&w, object);
        qpdf_oh_release(in->q, object);
    }
    return fault;
}
