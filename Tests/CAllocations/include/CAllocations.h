// Counts what the calling thread takes from the heap. The program's own malloc comes before the C library's; it
// counts where it was told to and hands on. Memory with a given alignment (aligned_alloc, posix_memalign) is not
// counted: oneDNN's scratch is of that kind, and what an executor's steps would allocate (objects, arrays) is not.
#ifndef TPUD_CALLOCATIONS_H
#define TPUD_CALLOCATIONS_H
#include <stdbool.h>

/// False where the heap belongs to a sanitizer and nothing is counted.
bool tpud_allocations_are_counted(void);
/// Starts counting the calling thread's allocations from 0.
void tpud_count_allocations(void);
/// Ends that; gives the count.
long tpud_counted_allocations(void);
/// The bytes of the allocations that were counted last.
long tpud_counted_bytes(void);
/// How many of the allocations that were counted last oneDNN and the C++ library made.
long tpud_counted_of_libraries(void);
#endif
