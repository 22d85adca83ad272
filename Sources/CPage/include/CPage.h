// The files of the page at `/`, as they are in the folder Assets: bytes that the compiler puts into the program.
#ifndef TPUD_CPAGE_H
#define TPUD_CPAGE_H
#include <stddef.h>
#include <stdint.h>

/// One file.
struct tpud_page_file {
    /// Its name in the folder Assets.
    const char *_Nonnull name;
    /// Its bytes, which live as long as the program.
    const uint8_t *_Nonnull bytes;
    /// How many there are.
    size_t length;
};

/// The files, in the order of their names.
const struct tpud_page_file *_Nonnull tpud_page_files(void);
/// How many there are.
size_t tpud_page_file_count(void);

#endif
