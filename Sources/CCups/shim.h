// libcups, opened when a label goes to an IPP printer instead of at process start: a station without such a printer does not pay for
// it and the twenty libraries behind it. So nothing here needs its headers or its link flags: the functions in use are declared by
// hand, after <cups/cups.h> of 2.4 (their ABI is that of soname 2), and found with dlsym.

#ifndef CUSTODY_CCUPS_SHIM_H
#define CUSTODY_CCUPS_SHIM_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

// The functions in use, each an address of the function it is named after.
typedef struct {
  void *library;
  void *httpConnect2;
  void *httpSetTimeout;
  void *httpClose;
  void *ippNewRequest;
  void *ippDelete;
  void *ippLength;
  void *ippAddString;
  void *ippAddStrings;
  void *ippAddInteger;
  void *ippFindAttribute;
  void *ippGetCount;
  void *ippGetInteger;
  void *ippGetBoolean;
  void *ippGetString;
  void *ippGetStatusCode;
  void *ippErrorString;
  void *cupsSendRequest;
  void *cupsWriteRequestData;
  void *cupsGetResponse;
  void *cupsLastError;
  void *cupsLastErrorString;
} custody_cups;

// Values of the enumerations of <cups/http.h> and <cups/ipp.h>.
enum {
  CUSTODY_HTTP_ENCRYPTION_IF_REQUESTED = 0,
  CUSTODY_HTTP_ENCRYPTION_ALWAYS = 3,
  CUSTODY_HTTP_STATUS_CONTINUE = 100,
  CUSTODY_IPP_TAG_ZERO = 0,
  CUSTODY_IPP_TAG_OPERATION = 0x01,
  CUSTODY_IPP_TAG_JOB = 0x02,
  CUSTODY_IPP_TAG_INTEGER = 0x21,
  CUSTODY_IPP_TAG_NAME = 0x42,
  CUSTODY_IPP_TAG_KEYWORD = 0x44,
  CUSTODY_IPP_TAG_URI = 0x45,
  CUSTODY_IPP_TAG_MIMETYPE = 0x49,
  CUSTODY_IPP_OP_PRINT_JOB = 0x0002,
  CUSTODY_IPP_OP_GET_JOB_ATTRIBUTES = 0x0009,
  CUSTODY_IPP_OP_GET_PRINTER_ATTRIBUTES = 0x000B,
};

// Opens the library. Returns NULL, or what was missing.
static inline const char *custody_cups_open(custody_cups *cups) {
  cups->library = dlopen("libcups.so.2", RTLD_NOW | RTLD_LOCAL);
  if (cups->library == NULL) return "libcups.so.2";
#define CUSTODY_CUPS_FIND(name) \
  if ((cups->name = dlsym(cups->library, #name)) == NULL) return #name
  CUSTODY_CUPS_FIND(httpConnect2);
  CUSTODY_CUPS_FIND(httpSetTimeout);
  CUSTODY_CUPS_FIND(httpClose);
  CUSTODY_CUPS_FIND(ippNewRequest);
  CUSTODY_CUPS_FIND(ippDelete);
  CUSTODY_CUPS_FIND(ippLength);
  CUSTODY_CUPS_FIND(ippAddString);
  CUSTODY_CUPS_FIND(ippAddStrings);
  CUSTODY_CUPS_FIND(ippAddInteger);
  CUSTODY_CUPS_FIND(ippFindAttribute);
  CUSTODY_CUPS_FIND(ippGetCount);
  CUSTODY_CUPS_FIND(ippGetInteger);
  CUSTODY_CUPS_FIND(ippGetBoolean);
  CUSTODY_CUPS_FIND(ippGetString);
  CUSTODY_CUPS_FIND(ippGetStatusCode);
  CUSTODY_CUPS_FIND(ippErrorString);
  CUSTODY_CUPS_FIND(cupsSendRequest);
  CUSTODY_CUPS_FIND(cupsWriteRequestData);
  CUSTODY_CUPS_FIND(cupsGetResponse);
  CUSTODY_CUPS_FIND(cupsLastError);
  CUSTODY_CUPS_FIND(cupsLastErrorString);
#undef CUSTODY_CUPS_FIND
  return NULL;
}

// What a timeout does: give up.
static inline int custody_cups_give_up(void *http, void *data) {
  (void)http; (void)data;
  return 0;
}

// A connection whose every step takes at most so long; NULL when there is none within `milliseconds`.
static inline void *custody_cups_connect(
    const custody_cups *cups, const char *host, int port, int encryption, int milliseconds, double timeout) {
  void *http = ((void *(*)(const char *, int, void *, int, int, int, int, int *))cups->httpConnect2)(
      host, port, NULL, 0, encryption, 1, milliseconds, NULL);
  if (http != NULL)
    ((void (*)(void *, double, int (*)(void *, void *), void *))cups->httpSetTimeout)(
        http, timeout, custody_cups_give_up, NULL);
  return http;
}

static inline void custody_cups_close(const custody_cups *cups, void *http) { ((void (*)(void *))cups->httpClose)(http); }

static inline void *custody_cups_request(const custody_cups *cups, int operation) {
  return ((void *(*)(int))cups->ippNewRequest)(operation);
}

static inline void custody_cups_delete(const custody_cups *cups, void *message) {
  ((void (*)(void *))cups->ippDelete)(message);
}

static inline void custody_cups_add_string(
    const custody_cups *cups, void *message, int group, int tag, const char *name, const char *value) {
  ((void *(*)(void *, int, int, const char *, const char *, const char *))cups->ippAddString)(
      message, group, tag, name, NULL, value);
}

static inline void custody_cups_add_strings(
    const custody_cups *cups, void *message, int group, int tag, const char *name, int count,
    const char *const *values) {
  ((void *(*)(void *, int, int, const char *, int, const char *, const char *const *))cups->ippAddStrings)(
      message, group, tag, name, count, NULL, values);
}

static inline void custody_cups_add_integer(
    const custody_cups *cups, void *message, int group, int tag, const char *name, int value) {
  ((void *(*)(void *, int, int, const char *, int))cups->ippAddInteger)(message, group, tag, name, value);
}

// NULL when the message has no such attribute.
static inline void *custody_cups_find(const custody_cups *cups, void *message, const char *name) {
  return ((void *(*)(void *, const char *, int))cups->ippFindAttribute)(message, name, CUSTODY_IPP_TAG_ZERO);
}

static inline int custody_cups_count(const custody_cups *cups, void *attribute) {
  return ((int (*)(void *))cups->ippGetCount)(attribute);
}

static inline int custody_cups_integer(const custody_cups *cups, void *attribute) {
  return ((int (*)(void *, int))cups->ippGetInteger)(attribute, 0);
}

static inline int custody_cups_boolean(const custody_cups *cups, void *attribute) {
  return ((int (*)(void *, int))cups->ippGetBoolean)(attribute, 0);
}

// NULL when it is no text.
static inline const char *custody_cups_string(const custody_cups *cups, void *attribute, int index) {
  return ((const char *(*)(void *, int, const char **))cups->ippGetString)(attribute, index, NULL);
}

// The status of an answer: an error from 0x0400 on.
static inline int custody_cups_status(const custody_cups *cups, void *message) {
  return ((int (*)(void *))cups->ippGetStatusCode)(message);
}

static inline const char *custody_cups_error_string(const custody_cups *cups, int status) {
  return ((const char *(*)(int))cups->ippErrorString)(status);
}

// Sends the head of a request with a document of `length` bytes behind it; true when the document may follow.
static inline int custody_cups_send(
    const custody_cups *cups, void *http, void *request, const char *resource, size_t length) {
  size_t all = ((size_t (*)(void *))cups->ippLength)(request) + length;
  return ((int (*)(void *, void *, const char *, size_t))cups->cupsSendRequest)(http, request, resource, all)
      == CUSTODY_HTTP_STATUS_CONTINUE;
}

// True when the bytes went out.
static inline int custody_cups_write(const custody_cups *cups, void *http, const void *bytes, size_t count) {
  return ((int (*)(void *, const char *, size_t))cups->cupsWriteRequestData)(http, (const char *)bytes, count)
      == CUSTODY_HTTP_STATUS_CONTINUE;
}

// The answer, or NULL.
static inline void *custody_cups_answer(const custody_cups *cups, void *http, const char *resource) {
  return ((void *(*)(void *, const char *))cups->cupsGetResponse)(http, resource);
}

// What the last call on this thread came to.
static inline int custody_cups_last_status(const custody_cups *cups) { return ((int (*)(void))cups->cupsLastError)(); }
static inline const char *custody_cups_last_words(const custody_cups *cups) {
  return ((const char *(*)(void))cups->cupsLastErrorString)();
}

#endif
