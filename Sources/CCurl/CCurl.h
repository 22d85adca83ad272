// libcurl for Swift, which cannot call C variadics: one inline wrapper a type of argument.
#pragma once
#include <curl/curl.h>

typedef size_t (*tpud_curl_write)(char *bytes, size_t size, size_t count, void *context);
typedef size_t (*tpud_curl_read)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode tpud_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tpud_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tpud_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tpud_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tpud_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tpud_curl_set_write(CURL *handle, CURLoption option, tpud_curl_write value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tpud_curl_set_open_socket(CURL *handle, curl_opensocket_callback value) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}
static inline CURLcode tpud_curl_set_progress(CURL *handle, curl_xferinfo_callback value) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}
static inline CURLcode tpud_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode tpud_curl_global(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
