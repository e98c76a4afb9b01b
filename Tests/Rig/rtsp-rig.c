/* rtsp-rig: a network camera that asks for a password and shows one picture for ever.
 *
 *   rtsp-rig FILM.h264 [USER:PASSWORD]
 *
 * Speaks as much of RTSP 1.0 (RFC 2326) as a client needs that takes H.264 (RFC 6184, packetization mode 0) over the same
 * TCP connection, with Basic authentication (RFC 7617). FILM is an H.264 byte stream whose pictures are one slice each.
 * Prints "port N" once it listens on 127.0.0.1, then a line for what each client comes to: "refused", "playing", "gone".
 * Killed, it cuts all of them off. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

typedef unsigned char byte;
enum { MAX_UNITS = 4096, PICTURES_A_SECOND = 10, CLOCK = 90000 };

/* A NAL unit of the film; `last` ends a picture. */
typedef struct Unit {
  const byte *bytes;
  size_t length;
  int last;
} Unit;

static Unit units[MAX_UNITS];
static int unit_count;

static void die(const char *words) {
  fprintf(stderr, "rtsp-rig: %s\n", words);
  exit(3);
}

/* Finds the units between the start codes of ITU-T H.264 Annex B. */
static void split(const byte *film, size_t length) {
  size_t start = 0;
  for (size_t i = 0; i + 3 <= length; i++) {
    int is_end = i + 3 == length;
    if (!is_end && (film[i] || film[i + 1] || film[i + 2] != 1)) continue;
    if (start) {
      size_t end = is_end ? length : i;
      while (!is_end && end > start && film[end - 1] == 0) end--;
      int type = film[start] & 31;
      if (unit_count == MAX_UNITS) die("the film has too many units");
      if (end - start > 65000) die("a unit does not fit into a packet");
      units[unit_count++] = (Unit){film + start, end - start, type == 1 || type == 5};
    }
    start = i + 3;
  }
}

static void base64(const char *text, char *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t length = strlen(text);
  for (size_t i = 0; i < length; i += 3) {
    uint32_t bits = (byte)text[i] << 16 | (i + 1 < length ? (byte)text[i + 1] << 8 : 0) | (i + 2 < length ? (byte)text[i + 2] : 0);
    for (int k = 0; k < 4; k++) *out++ = i + k > length ? '=' : digits[bits >> (18 - 6 * k) & 63];
  }
  *out = 0;
}

static int send_all(int client, const void *bytes, size_t length) {
  for (const byte *at = bytes; length;) {
    ssize_t count = send(client, at, length, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return 0;
    at += count;
    length -= count;
  }
  return 1;
}

/* Reads one request, skipping what RTCP the client sends between; 0 at the end. */
static int request(int client, char *text, size_t size) {
  size_t length = 0;
  while (length + 1 < size) {
    byte one;
    if (recv(client, &one, 1, 0) != 1) return 0;
    if (!length && one == '$') {
      byte head[3];
      if (recv(client, head, 3, MSG_WAITALL) != 3) return 0;
      for (int rest = head[1] << 8 | head[2]; rest; rest--)
        if (recv(client, &one, 1, 0) != 1) return 0;
      continue;
    }
    text[length++] = one;
    text[length] = 0;
    if (length > 3 && !strcmp(text + length - 4, "\r\n\r\n")) return 1;
  }
  return 0;
}

static int answer(int client, const char *sequence, const char *status, const char *further, const char *body) {
  char text[4096];
  int length = snprintf(text, sizeof text, "RTSP/1.0 %s\r\nCSeq: %s\r\n%sContent-Length: %zu\r\n\r\n%s", status,
                        sequence, further, strlen(body), body);
  return send_all(client, text, length);
}

/* Sends the film again and again until the client goes, or is cut off. */
static void play(int client) {
  uint16_t number = 0;
  uint32_t picture = 0;
  for (int next = 0;; next = (next + 1) % unit_count) {
    Unit *unit = &units[next];
    uint32_t stamp = picture * (CLOCK / PICTURES_A_SECOND);
    size_t length = 12 + unit->length;
    byte head[16] = {'$', 0, length >> 8, length, 0x80, 96 | (unit->last ? 0x80 : 0), number >> 8, number,
                     stamp >> 24, stamp >> 16, stamp >> 8, stamp, 0x52, 0x49, 0x47, 0x21};
    number++;
    if (!send_all(client, head, sizeof head) || !send_all(client, unit->bytes, unit->length)) return;
    if (!unit->last) continue;
    picture++;
    struct pollfd heard = {.fd = client, .events = POLLIN};
    if (poll(&heard, 1, 1000 / PICTURES_A_SECOND) > 0) {
      char text[4096];
      if (!request(client, text, sizeof text) || strstr(text, "TEARDOWN ") == text) return;
    }
  }
}

static void serve(int client, const char *allowed) {
  char text[4096], wanted[512] = "";
  if (allowed) {
    strcpy(wanted, "Authorization: Basic ");
    base64(allowed, wanted + strlen(wanted));
  }
  while (request(client, text, sizeof text)) {
    char *found = strstr(text, "CSeq: "), sequence[32] = "0";
    if (found) sscanf(found, "CSeq: %31[0-9]", sequence);
    int is_fine = 1;
    if (!strncmp(text, "OPTIONS ", 8)) {
      is_fine = answer(client, sequence, "200 OK", "Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n", "");
    } else if (allowed && !strstr(text, wanted)) {
      puts("refused");
      is_fine = answer(client, sequence, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"rig\"\r\n", "");
    } else if (!strncmp(text, "DESCRIBE ", 9)) {
      is_fine = answer(client, sequence, "200 OK", "Content-Type: application/sdp\r\n",
                       "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=rig\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
                       "c=IN IP4 0.0.0.0\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=0\r\na=control:video\r\n");
    } else if (!strncmp(text, "SETUP ", 6)) {
      is_fine = answer(client, sequence, "200 OK",
                       "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1;timeout=60\r\n", "");
    } else if (!strncmp(text, "PLAY ", 5)) {
      puts("playing");
      if (answer(client, sequence, "200 OK", "Session: 1\r\n", "")) play(client);
      is_fine = 0;
    } else {
      is_fine = answer(client, sequence, "501 Not Implemented", "", "");
    }
    if (!is_fine) break;
  }
  puts("gone");
}

/* Who starts this may have signals blocked, which is inherited. */
static void unblock(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

int main(int count, char **arguments) {
  if (count < 2) die("rtsp-rig FILM.h264 [USER:PASSWORD]");
  setvbuf(stdout, NULL, _IOLBF, 0);
  unblock();
  // Whoever started it takes it along.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGCHLD, SIG_IGN);
  FILE *file = fopen(arguments[1], "rb");
  if (!file) die("there is no such film");
  static byte film[8 << 20];
  size_t length = fread(film, 1, sizeof film, file);
  fclose(file);
  split(film, length);
  if (!unit_count || !units[unit_count - 1].last) die("the film is no H.264 byte stream of whole pictures");

  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4) ||
      getsockname(listener, (struct sockaddr *)&address, &size))
    die("no port");
  printf("port %d\n", ntohs(address.sin_port));
  for (;;) {
    int client = accept(listener, NULL, NULL);
    if (client < 0) continue;
    if (!fork()) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(listener);
      serve(client, count > 2 ? arguments[2] : NULL);
      exit(0);
    }
    close(client);
  }
}
