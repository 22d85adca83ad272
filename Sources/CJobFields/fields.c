#include "CJobFields.h"

// clang has #embed in C17, too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t job_fields[] = {
#embed "job-fields.json"
};

const uint8_t *tpud_job_fields(void) { return job_fields; }

size_t tpud_job_fields_length(void) { return sizeof job_fields; }
