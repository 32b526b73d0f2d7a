#include "media/exif.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libexif/exif-data.h>

#include "base/cleanup.h"
#include "base/clock.h"

#define EXIF_HEAD 6
#define DATE_TIME 19  /* "2026:11:24 13:55:30" */
#define OFFSET_TIME 6 /* "+07:00" */
#define RATIONAL 8

static ExifEntry *find(ExifData *data, ExifIfd ifd, int tag, ExifFormat format, size_t bytes)
{
    ExifEntry *entry = exif_content_get_entry(data->ifd[ifd], (ExifTag)tag);

    return entry && entry->format == format && entry->data && entry->size >= bytes ? entry : NULL;
}

static uint8_t read_orientation(ExifData *data)
{
    ExifEntry *entry = find(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION, EXIF_FORMAT_SHORT, 2);
    unsigned value = entry ? exif_get_short(entry->data, exif_data_get_byte_order(data)) : 1;

    return value >= 1 && value <= 8 ? (uint8_t)value : 1;
}

static void read_taken(ExifData *data, struct media_exif *ret)
{
    ExifEntry *taken =
        find(data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL, EXIF_FORMAT_ASCII, DATE_TIME);
    ExifEntry *offset =
        find(data, EXIF_IFD_EXIF, EXIF_TAG_OFFSET_TIME_ORIGINAL, EXIF_FORMAT_ASCII, OFFSET_TIME);
    char text[DATE_TIME + OFFSET_TIME + 1];

    if (!taken)
        return;
    memcpy(text, taken->data, DATE_TIME);
    text[4] = text[7] = '-';
    text[10] = 'T';
    memcpy(text + DATE_TIME, offset ? (const char *)offset->data : "+07:00", OFFSET_TIME);
    text[sizeof text - 1] = '\0';
    /* Some write blanks for an offset they do not know. */
    if (offset && !isdigit((unsigned char)text[DATE_TIME + 1]))
        memcpy(text + DATE_TIME, "+07:00", OFFSET_TIME);
    ret->has_taken = clock_parse(text, &ret->taken_ms);
}

/* Degrees, minutes, seconds, and the letter of the hemisphere. */
static bool read_degrees(ExifData *data, int tag, int ref_tag, const char *letters, double max,
                         double *ret)
{
    static const double unit[3] = {1, 60, 3600};
    ExifEntry *parts = find(data, EXIF_IFD_GPS, tag, EXIF_FORMAT_RATIONAL, 3 * RATIONAL);
    ExifEntry *ref = find(data, EXIF_IFD_GPS, ref_tag, EXIF_FORMAT_ASCII, 1);
    double degrees = 0;
    char letter;

    if (!parts || !ref)
        return false;
    letter = (char)ref->data[0];
    if (letter != letters[0] && letter != letters[1])
        return false;
    for (int i = 0; i < 3; i++) {
        ExifRational part =
            exif_get_rational(parts->data + i * RATIONAL, exif_data_get_byte_order(data));
        if (part.denominator == 0)
            return false;
        degrees += (double)part.numerator / part.denominator / unit[i];
    }
    *ret = letter == letters[1] ? -degrees : degrees;
    return degrees <= max;
}

static void read_place(ExifData *data, struct media_exif *ret)
{
    double lat, lon;

    if (!read_degrees(data, EXIF_TAG_GPS_LATITUDE, EXIF_TAG_GPS_LATITUDE_REF, "NS", 90, &lat) ||
        !read_degrees(data, EXIF_TAG_GPS_LONGITUDE, EXIF_TAG_GPS_LONGITUDE_REF, "EW", 180, &lon))
        return;
    if (fabs(lat) < 1e-9 && fabs(lon) < 1e-9)
        return; /* a camera that had no fix */
    ret->lat = lat;
    ret->lon = lon;
    ret->has_place = 1;
}

void exif_read(const uint8_t *tiff, size_t n, struct media_exif *ret)
{
    *ret = (struct media_exif){.orientation = 1};
    if (n == 0 || n > UINT16_MAX + 1)
        return;
    CLEANUP(freep) uint8_t *headed = malloc(EXIF_HEAD + n);
    ExifData *data = headed ? exif_data_new() : NULL;
    if (!data)
        return;
    memcpy(headed, "Exif\0", EXIF_HEAD);
    memcpy(headed + EXIF_HEAD, tiff, n);
    /* As written, not as libexif thinks that it should have been written. */
    exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_load_data(data, headed, (unsigned)(EXIF_HEAD + n));
    ret->orientation = read_orientation(data);
    read_taken(data, ret);
    read_place(data, ret);
    exif_data_unref(data);
}
