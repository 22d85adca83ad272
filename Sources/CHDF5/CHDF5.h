// libhdf5 for Swift, which sees neither macros that call functions nor those that stand for the version of one. The library is
// not safe to use from several threads: one lock is held around every call.
#pragma once
#include <hdf5/serial/hdf5.h>
#include <hdf5/serial/hdf5_hl.h>

// Once: no code is loaded for a file's sake.
static inline void tpud_hdf5_start(void) {
    H5dont_atexit();
    H5open();
    H5PLset_loading_state(0);
}

// On each thread, whose own setting it is: the library prints nothing.
static inline void tpud_hdf5_quiet(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

static inline hid_t tpud_hdf5_open(const char *path) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    H5Pset_file_locking(access, 0, 1);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return file;
}

// A file whose bytes are in memory; they stay the caller's, who keeps them until the file is closed.
static inline hid_t tpud_hdf5_open_image(void *bytes, size_t size) {
    return H5LTopen_file_image(bytes, size, H5LT_FILE_IMAGE_DONT_COPY | H5LT_FILE_IMAGE_DONT_RELEASE);
}

// A new file in memory.
static inline hid_t tpud_hdf5_create(void) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    H5Pset_fapl_core(access, 1 << 20, 0);
    hid_t file = H5Fcreate("model.weights.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    H5Pclose(access);
    return file;
}

static inline hid_t tpud_hdf5_object(hid_t place, const char *name) { return H5Oopen(place, name, H5P_DEFAULT); }

// A link to an object of the same file, not to a name in this or another one.
static inline int tpud_hdf5_is_hard_link(hid_t group, const char *name) {
    H5L_info_t info;
    return H5Lget_info(group, name, &info, H5P_DEFAULT) >= 0 && info.type == H5L_TYPE_HARD;
}

static inline hsize_t tpud_hdf5_link_count(hid_t group) {
    H5G_info_t info;
    return H5Gget_info(group, &info) >= 0 ? info.nlinks : 0;
}

// The length of the link's name; the name, cut to size - 1, where there is a buffer.
static inline ssize_t tpud_hdf5_link_name(hid_t group, hsize_t place, char *name, size_t size) {
    return H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, place, name, size, H5P_DEFAULT);
}

// The kinds of numbers by what they are in this machine's memory; 0 for any other type.
enum tpud_hdf5_kind {
    tpud_hdf5_other, tpud_hdf5_float16, tpud_hdf5_float32, tpud_hdf5_float64, tpud_hdf5_int8, tpud_hdf5_int16,
    tpud_hdf5_int32, tpud_hdf5_int64, tpud_hdf5_uint8, tpud_hdf5_uint16, tpud_hdf5_uint32, tpud_hdf5_uint64
};

static inline int tpud_hdf5_number_kind(hid_t type) {
    size_t size = H5Tget_size(type);
    if (H5Tget_class(type) == H5T_FLOAT) {
        if (size == 2) {
            size_t sign, exponent, exponents, fraction, fractions;
            if (H5Tget_fields(type, &sign, &exponent, &exponents, &fraction, &fractions) < 0) return tpud_hdf5_other;
            return exponents == 5 ? tpud_hdf5_float16 : tpud_hdf5_other;
        }
        return size == 4 ? tpud_hdf5_float32 : size == 8 ? tpud_hdf5_float64 : tpud_hdf5_other;
    }
    if (H5Tget_class(type) != H5T_INTEGER) return tpud_hdf5_other;
    int isSigned = H5Tget_sign(type) == H5T_SGN_2;
    switch (size) {
    case 1: return isSigned ? tpud_hdf5_int8 : tpud_hdf5_uint8;
    case 2: return isSigned ? tpud_hdf5_int16 : tpud_hdf5_uint16;
    case 4: return isSigned ? tpud_hdf5_int32 : tpud_hdf5_uint32;
    case 8: return isSigned ? tpud_hdf5_int64 : tpud_hdf5_uint64;
    default: return tpud_hdf5_other;
    }
}

// Whether the numbers lie in this file, and not in others.
static inline int tpud_hdf5_is_inside(hid_t dataset) {
    hid_t creation = H5Dget_create_plist(dataset);
    if (creation < 0) return 0;
    int inside = H5Pget_external_count(creation) == 0 && H5Pget_layout(creation) != H5D_VIRTUAL;
    H5Pclose(creation);
    return inside;
}

static inline herr_t tpud_hdf5_read_floats(hid_t dataset, float *numbers) {
    return H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers);
}

static inline hid_t tpud_hdf5_attribute(hid_t place, const char *name) {
    return H5Aexists(place, name) > 0 ? H5Aopen(place, name, H5P_DEFAULT) : -1;
}

// Frees what a read of strings of variable length has taken.
static inline void tpud_hdf5_reclaim(hid_t type, hid_t space, void *strings) {
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, strings);
}

// Writes an array, and the groups on the way to it; equal arrays give equal bytes.
static inline herr_t tpud_hdf5_write_floats(
    hid_t file, const char *path, int rank, const hsize_t *shape, const float *numbers) {
    hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(creation, 0);
    hid_t space = rank > 0 ? H5Screate_simple(rank, shape, NULL) : H5Screate(H5S_SCALAR);
    hid_t dataset = H5Dcreate2(file, path, H5T_IEEE_F32LE, space, links, creation, H5P_DEFAULT);
    herr_t result = dataset < 0 ? -1 : H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers);
    if (dataset >= 0) H5Dclose(dataset);
    H5Sclose(space);
    H5Pclose(creation);
    H5Pclose(links);
    return result;
}

// The file's size; its bytes where there is a buffer.
static inline ssize_t tpud_hdf5_image(hid_t file, void *bytes, size_t size) {
    if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) return -1;
    return H5Fget_file_image(file, bytes, size);
}
