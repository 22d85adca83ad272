// The file job-fields.json, as bytes that the compiler puts into the program: the fields of a job's training part and of the
// classes that it names, which a test writes from the readers (JobFieldsFileTests).
#ifndef TPUD_CJOBFIELDS_H
#define TPUD_CJOBFIELDS_H
#include <stddef.h>
#include <stdint.h>

/// The bytes, which live as long as the program.
const uint8_t *_Nonnull tpud_job_fields(void);
/// How many there are.
size_t tpud_job_fields_length(void);

#endif
