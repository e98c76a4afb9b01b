// libpq, opened when a centre is given a PostgreSQL database instead of at process start: a centre on SQLite, and every station, does
// not pay for it and the libraries behind it (TLS, Kerberos, LDAP). So nothing here needs its headers or its link flags: the functions
// in use are declared by hand, after <libpq-fe.h> of 14 (their ABI is that of soname 5), and found with dlsym.

#ifndef CUSTODY_CLIBPQ_SHIM_H
#define CUSTODY_CLIBPQ_SHIM_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

// An option of a connection (PQconninfoOption); the array of them ends with one without keyword.
typedef struct {
  char *keyword;
  char *envvar;
  char *compiled;
  char *val;
  char *label;
  char *dispchar;
  int dispsize;
} custody_pq_option;

// An asynchronous notification (PGnotify).
typedef struct custody_pq_notification {
  char *relname;
  int be_pid;
  char *extra;
  struct custody_pq_notification *next;
} custody_pq_notification;

// The functions in use, each named after what it is the address of. A connection (PGconn) and a result (PGresult) are opaque.
typedef struct {
  void *library;
  custody_pq_option *(*PQconninfoParse)(const char *text, char **fault);
  void (*PQconninfoFree)(custody_pq_option *options);
  void (*PQfreemem)(void *memory);
  void *(*PQconnectStartParams)(const char *const *keywords, const char *const *values, int expand_dbname);
  int (*PQconnectPoll)(void *connection);
  int (*PQstatus)(const void *connection);
  int (*PQtransactionStatus)(const void *connection);
  int (*PQsocket)(const void *connection);
  char *(*PQerrorMessage)(const void *connection);
  void (*PQfinish)(void *connection);
  int (*PQsetnonblocking)(void *connection, int nonblocking);
  void *(*PQsetNoticeProcessor)(void *connection, void (*processor)(void *, const char *), void *data);
  int (*PQsendQuery)(void *connection, const char *sql);
  int (*PQsendPrepare)(void *connection, const char *name, const char *sql, int count, const unsigned *types);
  int (*PQsendQueryPrepared)(void *connection, const char *name, int count, const char *const *values, const int *lengths,
                             const int *formats, int result_format);
  int (*PQenterPipelineMode)(void *connection);
  int (*PQexitPipelineMode)(void *connection);
  int (*PQpipelineSync)(void *connection);
  int (*PQflush)(void *connection);
  int (*PQconsumeInput)(void *connection);
  int (*PQisBusy)(void *connection);
  void *(*PQgetResult)(void *connection);
  int (*PQputCopyData)(void *connection, const char *bytes, int count);
  int (*PQputCopyEnd)(void *connection, const char *fault);
  custody_pq_notification *(*PQnotifies)(void *connection);
  int (*PQresultStatus)(const void *result);
  char *(*PQresultErrorField)(const void *result, int field);
  int (*PQntuples)(const void *result);
  int (*PQnfields)(const void *result);
  int (*PQgetisnull)(const void *result, int row, int column);
  int (*PQgetlength)(const void *result, int row, int column);
  char *(*PQgetvalue)(const void *result, int row, int column);
  void (*PQclear)(void *result);
} custody_pq;

// Values of the enumerations of <libpq-fe.h>, and the fields of an error of <postgres_ext.h>.
enum {
  CUSTODY_PQ_CONNECTION_OK = 0,
  CUSTODY_PQ_CONNECTION_BAD = 1,
  CUSTODY_PQ_POLLING_FAILED = 0,
  CUSTODY_PQ_POLLING_READING = 1,
  CUSTODY_PQ_POLLING_WRITING = 2,
  CUSTODY_PQ_POLLING_OK = 3,
  CUSTODY_PQ_COMMAND_OK = 1,
  CUSTODY_PQ_TUPLES_OK = 2,
  CUSTODY_PQ_COPY_IN = 4,
  CUSTODY_PQ_PIPELINE_SYNC = 10,
  CUSTODY_PQ_PIPELINE_ABORTED = 11,
  CUSTODY_PQ_TRANSACTION_IDLE = 0,
  CUSTODY_PQ_SQLSTATE = 'C',
  CUSTODY_PQ_MESSAGE_PRIMARY = 'M',
};

// Opens the library. Returns NULL, or what was missing.
static inline const char *custody_pq_open(custody_pq *pq) {
  pq->library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (pq->library == NULL) return "libpq.so.5";
#define CUSTODY_PQ_FIND(name) \
  if ((*(void **)&pq->name = dlsym(pq->library, #name)) == NULL) return #name
  CUSTODY_PQ_FIND(PQconninfoParse);
  CUSTODY_PQ_FIND(PQconninfoFree);
  CUSTODY_PQ_FIND(PQfreemem);
  CUSTODY_PQ_FIND(PQconnectStartParams);
  CUSTODY_PQ_FIND(PQconnectPoll);
  CUSTODY_PQ_FIND(PQstatus);
  CUSTODY_PQ_FIND(PQtransactionStatus);
  CUSTODY_PQ_FIND(PQsocket);
  CUSTODY_PQ_FIND(PQerrorMessage);
  CUSTODY_PQ_FIND(PQfinish);
  CUSTODY_PQ_FIND(PQsetnonblocking);
  CUSTODY_PQ_FIND(PQsetNoticeProcessor);
  CUSTODY_PQ_FIND(PQsendQuery);
  CUSTODY_PQ_FIND(PQsendPrepare);
  CUSTODY_PQ_FIND(PQsendQueryPrepared);
  CUSTODY_PQ_FIND(PQenterPipelineMode);
  CUSTODY_PQ_FIND(PQexitPipelineMode);
  CUSTODY_PQ_FIND(PQpipelineSync);
  CUSTODY_PQ_FIND(PQflush);
  CUSTODY_PQ_FIND(PQconsumeInput);
  CUSTODY_PQ_FIND(PQisBusy);
  CUSTODY_PQ_FIND(PQgetResult);
  CUSTODY_PQ_FIND(PQputCopyData);
  CUSTODY_PQ_FIND(PQputCopyEnd);
  CUSTODY_PQ_FIND(PQnotifies);
  CUSTODY_PQ_FIND(PQresultStatus);
  CUSTODY_PQ_FIND(PQresultErrorField);
  CUSTODY_PQ_FIND(PQntuples);
  CUSTODY_PQ_FIND(PQnfields);
  CUSTODY_PQ_FIND(PQgetisnull);
  CUSTODY_PQ_FIND(PQgetlength);
  CUSTODY_PQ_FIND(PQgetvalue);
  CUSTODY_PQ_FIND(PQclear);
#undef CUSTODY_PQ_FIND
  return NULL;
}

static inline void custody_pq_ignore_notice(void *data, const char *message) {
  (void)data; (void)message;
}

// libpq's own habit is to print notices to standard error.
static inline void custody_pq_silence(custody_pq pq, void *connection) {
  pq.PQsetNoticeProcessor(connection, custody_pq_ignore_notice, NULL);
}

#endif
