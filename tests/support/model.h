/*
 * The third implementation of store/driver.h: arrays, linear scans and one mutex. It is the
 * specification made executable, slow on purpose and obviously right; engines are compared with it.
 */
#pragma once

#include "store/driver.h"

/* What a disk is to an engine: it outlives the drivers opened on it, one at a time. */
struct model_disk;

struct model_disk *model_disk_new(void);
void model_disk_free(struct model_disk *disk);

/* Closing the driver leaves the disk as it is. */
struct store_driver *model_open(struct model_disk *disk);
