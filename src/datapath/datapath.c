/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all data paths share. */
#include "datapath.h"

void
ol2tp_datapath_free (Ol2tpDatapath *self)
{
  if (self != NULL)
    self->ops->free (self);
}
