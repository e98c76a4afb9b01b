/* usb-rig: plugs emulated USB scanners and readers into a program that uses the real libusb.
 *
 *   usb-rig [--log FILE] SCENARIO -- PROGRAM ARGUMENT...
 *
 * umockdev gives the program a private /sys, /dev/bus/usb and udev; this file answers its usbfs ioctls. The grammar of a
 * scenario stands in README.md. The exit status is the program's, or 3 when the scenario itself could not be carried out.
 *
 * The device node is a pseudo-terminal, because libusb polls it: output is stopped (TCOOFF) while no URB can be reaped,
 * so that POLLOUT means what usbfs means by it, and closing the master raises POLLERR as an unplugged device does. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/usbdevice_fs.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <umockdev.h>
#include <unistd.h>

typedef unsigned char byte;
enum { ENDPOINT = 0x81, OUT_ENDPOINT = 0x02, NOTICES = 0x83, PACKET = 512, PATIENCE_MS = 60000, DEAD_PIPE_MS = 5000, MAX_DEVICES = 8 };

/* A request block that the program has submitted. */
typedef struct Urb {
  /* Bytes of it that a printer took before it was full. */
  int taken;
  UMockdevIoctlData *block, *buffer;
  gulong address;
  struct Urb *next;
} Urb;

/* What the device sends at its next polls: a report, or an error (negative errno). */
typedef struct Packet {
  int status, length, endpoint;
  byte bytes[PACKET];
  struct Packet *next;
} Packet;

/* What the device answers to bytes that begin like this; an answer of no length is none, and a rule with `once` ends. */
typedef struct Rule {
  int wanted_length, answer_length, once;
  byte wanted[PACKET], answer[PACKET];
  struct Rule *next;
} Rule;

typedef enum { KEYBOARD, HID_POS, CDC, FTDI, CP210X, CH340, CCID, PRINTER, MODEM, PHONE, KINDS } Kind;
static const char *const kind_names[KINDS] = {"keyboard", "hid-pos", "cdc", "ftdi", "cp210x", "ch340", "ccid", "printer",
                                               "modem", "phone"};
static const char *const drivers[KINDS] = {"usbhid", "usbhid", "cdc_acm", "ftdi_sio", "cp210x", "ch341", "", "usblp", "cdc_acm", "cdc_acm"};

typedef struct Device {
  char name[32], driver[32], serial[32];
  Kind kind;
  /* Whether control requests stall, are never answered; what is sent is never taken; how many claims still fail. */
  int refuses, mute, deaf, busy;
  /* Whether the kernel found the report descriptor malformed. */
  int unparsed;
  /* Of a printer: what GET_DEVICE_ID and GET_PORT_STATUS answer, where its bytes are kept, for how many more it has room (-1: all),
     and whether it is full. */
  char device_id[512];
  int port_status, room, full;
  FILE *sink;
  Rule *rules;
  byte report_descriptor[PACKET];
  int report_descriptor_length;
  unsigned vendor, product;
  int port, address, plugged, gone, denied, halted, opens;
  int master, slave;
  char sysfs[96], node[64];
  byte descriptors[128];
  int descriptors_length;
  Urb *pending, *done;
  Packet *packets, *last_packet;
  UMockdevIoctlBase *handler;
} Device;

static GMutex lock;
static GCond changed;
static UMockdevTestbed *testbed;
static Device devices[MAX_DEVICES];
static Device *current;
static int device_count, next_address = 2, pace_ms, interactive, program_ended;
static char suffix = '\n';
static pid_t program;
static volatile sig_atomic_t signal_to_forward;
static FILE *log_file;
static gint64 started;

static void note(const char *format, ...) {
  if (!log_file) return;
  va_list list;
  va_start(list, format);
  fprintf(log_file, "%7.3f ", (g_get_monotonic_time() - started) / 1e6);
  vfprintf(log_file, format, list);
  fputc('\n', log_file);
  fflush(log_file);
  va_end(list);
}

static void fail(const char *format, ...) {
  va_list list;
  va_start(list, format);
  fprintf(stderr, "usb-rig: ");
  vfprintf(stderr, format, list);
  fputc('\n', stderr);
  va_end(list);
  if (interactive) return;
  if (program > 0) kill(program, SIGKILL);
  _exit(3);
}

/* ---- request blocks ---- */

static struct usbdevfs_urb *fields(Urb *u) { return (struct usbdevfs_urb *)u->block->data; }

static void append(Urb **list, Urb *u) {
  while (*list) list = &(*list)->next;
  u->next = NULL;
  *list = u;
}

static void raise_poll(Device *d) {
  if (!d->gone) tcflow(d->slave, d->done ? TCOON : TCOOFF);
}

static void complete(Device *d, Urb *u, int status, int length) {
  Urb **list = &d->pending;
  while (*list && *list != u) list = &(*list)->next;
  if (*list) *list = u->next;
  fields(u)->status = status;
  fields(u)->actual_length = length > u->taken ? length : u->taken;
  append(&d->done, u);
}

static Urb *pending_read(Device *d, int endpoint) {
  for (Urb *u = d->pending; u; u = u->next)
    if (fields(u)->endpoint == endpoint) return u;
  return NULL;
}

/* Hands waiting packets to waiting reads. A halted endpoint answers every read with EPIPE until CLEAR_HALT. */
static void deliver(Device *d) {
  Urb *u;
  while (d->halted && (u = pending_read(d, ENDPOINT))) complete(d, u, -EPIPE, 0);
  while (d->packets && !d->halted && (u = pending_read(d, d->packets->endpoint))) {
    Packet *p = d->packets;
    d->packets = p->next;
    int length = p->length, status = p->status;
    if (length > fields(u)->buffer_length) {
      length = fields(u)->buffer_length;
      status = -EOVERFLOW;
    }
    if (length && u->buffer) memcpy(u->buffer->data, p->bytes, length);
    if (status == -EPIPE) d->halted = 1;
    complete(d, u, status, length);
    free(p);
  }
  raise_poll(d);
  g_cond_broadcast(&changed);
}

/* With the lock held. */
static void queue_packet(Device *d, int endpoint, int status, const byte *bytes, int length) {
  Packet *p = calloc(1, sizeof *p);
  p->status = status;
  p->length = length;
  p->endpoint = endpoint;
  if (length) memcpy(p->bytes, bytes, length);
  if (d->packets) d->last_packet->next = p;
  else d->packets = p;
  d->last_packet = p;
}

static void send_packet(Device *d, int status, const byte *bytes, int length) {
  g_mutex_lock(&lock);
  queue_packet(d, ENDPOINT, status, bytes, length);
  if (d->plugged) deliver(d);
  g_mutex_unlock(&lock);
}

/* Bytes of a serial line, in packets as the chip makes them; an FTDI chip puts its status before each. With the lock held. */
static void queue_line(Device *d, const byte *bytes, int length) {
  do {
    byte packet[64] = {0x01, 0x60};
    int head = d->kind == FTDI ? 2 : 0, part = length < 64 - head ? length : 64 - head;
    memcpy(packet + head, bytes, part);
    queue_packet(d, ENDPOINT, 0, packet, head + part);
    bytes += part;
    length -= part;
  } while (length > 0);
}

/* What a printer takes of what it is sent; 0 when it has no room for all of it, and the transfer stays where it is. */
static int print(Device *d, Urb *u, const byte *bytes, int length) {
  int part = d->full ? 0 : d->room < 0 || length <= d->room ? length : d->room;
  if (d->sink && part) {
    fwrite(bytes, 1, part, d->sink);
    fflush(d->sink);
  }
  u->taken = part;
  if (d->room >= 0) d->room -= part;
  if (part == length) return 1;
  note("%s full behind %d bytes of a transfer", d->name, part);
  d->full = 1;
  return 0;
}

/* What the program sent: told in the log, and answered by the first rule that fits. */
static void take(Device *d, Urb *u) {
  int length = fields(u)->buffer_length;
  const byte *bytes = u->buffer ? u->buffer->data : NULL;
  if (d->kind == PRINTER && !print(d, u, bytes, length)) return;
  char digits[2 * PACKET + 1] = "";
  for (int i = 0; i < length && i < PACKET; i++) sprintf(digits + 2 * i, "%02x", bytes[i]);
  note("%s sent %s", d->name, digits);
  complete(d, u, 0, length);
  for (Rule **rule = &d->rules; *rule; rule = &(*rule)->next) {
    Rule *r = *rule;
    if (r->wanted_length > length || memcmp(r->wanted, bytes, r->wanted_length)) continue;
    if (r->answer_length) queue_line(d, r->answer, r->answer_length);
    if (r->once) *rule = r->next;
    break;
  }
}

static void answer_control(Device *d, Urb *u) {
  if (d->mute) {
    note("%s leaves a request unanswered", d->name);
    return;
  }
  byte *setup = u->buffer->data;
  int wanted = setup[6] | setup[7] << 8, length = -1;
  const byte *answer = NULL;
  if (setup[0] == 0x80 && setup[1] == 6 && setup[3] == 1) {
    answer = d->descriptors;
    length = 18;
  } else if (setup[0] == 0x80 && setup[1] == 6 && setup[3] == 2) {
    answer = d->descriptors + 18;
    length = d->descriptors_length - 18;
  } else if (setup[0] == 0x81 && setup[1] == 6 && setup[3] == 0x22 && d->report_descriptor_length) {
    answer = d->report_descriptor;
    length = d->report_descriptor_length;
  } else if (d->kind == PRINTER && setup[0] == 0x80 && setup[1] == 6 && setup[3] == 3) {
    /* Strings: US English, and the serial number for every other index. */
    static byte text[2 + 2 * sizeof d->serial] = {4, 3, 9, 4};
    length = setup[2] ? 2 + 2 * (int)strlen(d->serial) : 4;
    text[0] = length;
    text[2] = 9, text[3] = 4;
    for (int i = 0; setup[2] && i < (int)strlen(d->serial); i++) text[2 + 2 * i] = d->serial[i], text[3 + 2 * i] = 0;
    answer = text;
  } else if (d->kind == PRINTER && setup[0] == 0xA1 && setup[1] == 0) {
    /* Two bytes of length, which count themselves, before the text. */
    static byte text[2 + sizeof d->device_id];
    length = 2 + (int)strlen(d->device_id);
    text[0] = length >> 8;
    text[1] = length;
    memcpy(text + 2, d->device_id, length - 2);
    answer = text;
  } else if (d->kind == PRINTER && setup[0] == 0xA1 && setup[1] == 1) {
    static byte status;
    status = d->port_status;
    answer = &status;
    length = 1;
  } else if (!(setup[0] & 0x80) && !d->refuses) {
    length = wanted;
  }
  note("%s control %02x %02x value %02x%02x", d->name, setup[0], setup[1], setup[3], setup[2]);
  if (length < 0) {
    complete(d, u, -EPIPE, 0);
    return;
  }
  if (length > wanted) length = wanted;
  if (answer) memcpy(setup + 8, answer, length);
  complete(d, u, 0, length);
}

static void submit(Device *d, UMockdevIoctlData *argument) {
  Urb *u = calloc(1, sizeof *u);
  u->block = umockdev_ioctl_data_resolve(argument, 0, sizeof(struct usbdevfs_urb), NULL);
  u->address = u->block->client_addr;
  if (fields(u)->buffer_length > 0)
    u->buffer = umockdev_ioctl_data_resolve(u->block, offsetof(struct usbdevfs_urb, buffer),
                                            fields(u)->buffer_length, NULL);
  append(&d->pending, u);
  if (fields(u)->type == USBDEVFS_URB_TYPE_CONTROL) answer_control(d, u);
  else if (fields(u)->endpoint == OUT_ENDPOINT && !d->deaf) take(d, u);
  deliver(d);
  g_cond_broadcast(&changed);
}

/* ---- usbfs ---- */

static int driver_ioctl(Device *d, UMockdevIoctlData *argument, UMockdevIoctlData **resolved) {
  *resolved = umockdev_ioctl_data_resolve(argument, 0, sizeof(struct usbdevfs_ioctl), NULL);
  unsigned code = ((struct usbdevfs_ioctl *)(*resolved)->data)->ioctl_code;
  if (code == (unsigned)USBDEVFS_DISCONNECT) {
    if (!d->driver[0]) return -ENODATA;
    note("%s driver detached", d->name);
    d->driver[0] = 0;
    return 0;
  }
  if (code == (unsigned)USBDEVFS_CONNECT) {
    note("%s driver attached", d->name);
    strcpy(d->driver, drivers[d->kind]);
    return 1;
  }
  return -ENOTTY;
}

static int usbfs(Device *d, unsigned request, UMockdevIoctlData *argument, UMockdevIoctlData **resolved) {
  int outlives_unplug = request == (unsigned)USBDEVFS_REAPURBNDELAY || request == (unsigned)USBDEVFS_REAPURB ||
                        request == (unsigned)USBDEVFS_DISCARDURB || request == (unsigned)USBDEVFS_GET_CAPABILITIES;
  if (d->gone && !outlives_unplug) return -ENODEV;
  switch (request) {
    case (unsigned)USBDEVFS_GET_CAPABILITIES:
      *resolved = umockdev_ioctl_data_resolve(argument, 0, 4, NULL);
      *(__u32 *)(*resolved)->data = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION |
                                    USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
      return 0;
    case (unsigned)USBDEVFS_GETDRIVER:
      if (!d->driver[0]) return -ENODATA;
      *resolved = umockdev_ioctl_data_resolve(argument, 0, sizeof(struct usbdevfs_getdriver), NULL);
      strcpy(((struct usbdevfs_getdriver *)(*resolved)->data)->driver, d->driver);
      return 0;
    case (unsigned)USBDEVFS_CLAIMINTERFACE:
      if (d->driver[0]) return -EBUSY;
      if (d->busy && d->busy--) {
        note("%s claim refused", d->name);
        return -EBUSY;
      }
      note("%s claimed", d->name);
      return 0;
    case (unsigned)USBDEVFS_DISCONNECT_CLAIM:
      if (d->busy && d->busy--) {
        note("%s claim refused", d->name);
        return -EBUSY;
      }
      note("%s driver detached", d->name);
      note("%s claimed", d->name);
      d->driver[0] = 0;
      return 0;
    case (unsigned)USBDEVFS_RELEASEINTERFACE:
      note("%s released", d->name);
      return 0;
    case (unsigned)USBDEVFS_IOCTL:
      return driver_ioctl(d, argument, resolved);
    case (unsigned)USBDEVFS_CLEAR_HALT:
      note("%s halt cleared", d->name);
      d->halted = 0;
      return 0;
    case (unsigned)USBDEVFS_SETCONFIGURATION:
    case (unsigned)USBDEVFS_SETINTERFACE:
    case (unsigned)USBDEVFS_RESET:
      return 0;
    case (unsigned)USBDEVFS_SUBMITURB:
      submit(d, argument);
      return 0;
    case (unsigned)USBDEVFS_DISCARDURB: {
      gulong address = *(gulong *)argument->data;
      Urb *u = d->pending;
      while (u && u->address != address) u = u->next;
      if (!u) return -EINVAL;
      complete(d, u, -ENOENT, 0);
      raise_poll(d);
      return 0;
    }
    case (unsigned)USBDEVFS_REAPURB:
    case (unsigned)USBDEVFS_REAPURBNDELAY: {
      Urb *u = d->done;
      if (!u) return d->gone ? -ENODEV : -EAGAIN;
      d->done = u->next;
      *resolved = umockdev_ioctl_data_resolve(argument, 0, sizeof(void *), NULL);
      umockdev_ioctl_data_set_ptr(*resolved, 0, u->block);
      g_clear_object(&u->buffer);
      g_object_unref(u->block);
      free(u);
      raise_poll(d);
      g_cond_broadcast(&changed);
      return 0;
    }
    default:
      note("%s unknown ioctl %x", d->name, request);
      return -ENOTTY;
  }
}

/* A call that the kernel ends only when the device has answered. */
typedef struct Held {
  Device *device;
  UMockdevIoctlClient *client;
} Held;

static gpointer hold(gpointer data) {
  Held *held = data;
  for (int i = 0; held->device->mute && i < DEAD_PIPE_MS / 10; i++) g_usleep(10000);
  g_mutex_lock(&lock);
  note("%s request given up by the kernel", held->device->name);
  g_mutex_unlock(&lock);
  umockdev_ioctl_client_complete(held->client, -1, ETIMEDOUT);
  g_object_unref(held->client);
  free(held);
  return NULL;
}

static gboolean on_ioctl(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg(client), *resolved = NULL;
  Device *d = data;
  g_mutex_lock(&lock);
  if (d->mute && !d->gone && (unsigned)umockdev_ioctl_client_get_request(client) == (unsigned)USBDEVFS_CLEAR_HALT) {
    note("%s clearing of its halt unanswered", d->name);
    g_mutex_unlock(&lock);
    Held *held = malloc(sizeof *held);
    *held = (Held){d, g_object_ref(client)};
    g_thread_unref(g_thread_new("held", hold, held));
    return TRUE;
  }
  int result = usbfs(data, (unsigned)umockdev_ioctl_client_get_request(client), argument, &resolved);
  g_mutex_unlock(&lock);
  g_clear_object(&resolved);
  umockdev_ioctl_client_complete(client, result < 0 ? -1 : result, result < 0 ? -result : 0);
  return TRUE;
}

static void on_open(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  Device *d = data;
  g_mutex_lock(&lock);
  d->opens++;
  note("%s opened", d->name);
  g_cond_broadcast(&changed);
  g_mutex_unlock(&lock);
}

/* ---- plug and unplug ---- */

static void describe(Device *d) {
  const byte device[18] = {18, 1, 0, 2, 0, 0, 0, 64, d->vendor, d->vendor >> 8, d->product, d->product >> 8,
                           0,  1, 1, 2, 3, 1};
  /* Interface by interface: its number, how many endpoints, class, subclass, protocol; what belongs to the class; endpoints. */
  static const byte hid_keyboard[] = {9, 4, 0, 0, 1, 3, 1, 1, 0, 9, 0x21, 0x11, 1, 0, 1, 0x22, 63, 0,
                                      7, 5, ENDPOINT, 3, 8, 0, 1};
  byte hid_pos[] = {9, 4, 0, 0, 1, 3, 0, 0, 0, 9, 0x21, 0x11, 1, 0, 1, 0x22, 0, 0, 7, 5, ENDPOINT, 3, 64, 0, 1};
  static const byte cdc[] = {9, 4, 0, 0, 1, 2, 2, 1, 0, 5, 0x24, 0, 0x10, 1, 5, 0x24, 6, 0, 1, 7, 5, NOTICES, 3, 8, 0, 16,
                             9, 4, 1, 0, 2, 10, 0, 0, 0, 7, 5, ENDPOINT, 2, 64, 0, 0, 7, 5, OUT_ENDPOINT, 2, 64, 0, 0};
  static const byte vendor[] = {9, 4, 0, 0, 2, 255, 255, 255, 0, 7, 5, ENDPOINT, 2, 64, 0, 0,
                                7, 5, OUT_ENDPOINT, 2, 64, 0, 0};
  static const byte ccid[] = {9, 4, 0, 0, 3, 11, 0, 0, 0, 7, 5, ENDPOINT, 2, 64, 0, 0, 7, 5, OUT_ENDPOINT, 2, 64, 0, 0,
                              7, 5, NOTICES, 3, 8, 0, 16};
  static const byte printer[] = {9, 4, 0, 0, 2, 7, 1, 2, 0, 7, 5, OUT_ENDPOINT, 2, 64, 0, 0, 7, 5, ENDPOINT, 2, 64, 0, 0};
  /* A modem says that it handles calls; a phone has an interface of its maker's besides. */
  static const byte modem[] = {9, 4, 0, 0, 1, 2, 2, 1, 0, 5, 0x24, 0, 0x10, 1, 5, 0x24, 1, 1, 1, 5, 0x24, 6, 0, 1,
                               7, 5, NOTICES, 3, 8, 0, 16,
                               9, 4, 1, 0, 2, 10, 0, 0, 0, 7, 5, ENDPOINT, 2, 64, 0, 0, 7, 5, OUT_ENDPOINT, 2, 64, 0, 0};
  byte phone[sizeof cdc + 9] = {0};
  memcpy(phone, cdc, sizeof cdc);
  memcpy(phone + sizeof cdc, (const byte[]){9, 4, 2, 0, 0, 255, 66, 1, 0}, 9);
  const byte *interfaces = vendor;
  int length = sizeof vendor, count = 1;
  hid_pos[16] = d->report_descriptor_length;
  hid_pos[17] = d->report_descriptor_length >> 8;
  if (d->kind == KEYBOARD) interfaces = hid_keyboard, length = sizeof hid_keyboard;
  if (d->kind == HID_POS) interfaces = hid_pos, length = sizeof hid_pos;
  if (d->kind == CDC) interfaces = cdc, length = sizeof cdc, count = 2;
  if (d->kind == CCID) interfaces = ccid, length = sizeof ccid;
  if (d->kind == PRINTER) interfaces = printer, length = sizeof printer;
  if (d->kind == MODEM) interfaces = modem, length = sizeof modem, count = 2;
  if (d->kind == PHONE) interfaces = phone, length = sizeof phone, count = 3;
  const byte configuration[9] = {9, 2, 9 + length, 0, count, 1, 0, 0xa0, 50};
  memcpy(d->descriptors, device, sizeof device);
  memcpy(d->descriptors + 18, configuration, 9);
  memcpy(d->descriptors + 27, interfaces, length);
  d->descriptors_length = 27 + length;
}

static void host_path(const char *path, char *out, size_t size) {
  char *root = umockdev_testbed_get_root_dir(testbed);
  snprintf(out, size, "%s%s", root, path);
  g_free(root);
}

static void plug(Device *d) {
  if (d->plugged) {
    fail("%s is plugged in already", d->name);
    return;
  }
  GError *error = NULL;
  d->address = next_address++;
  d->gone = d->halted = 0;
  snprintf(d->sysfs, sizeof d->sysfs, "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-%d", d->port);
  snprintf(d->node, sizeof d->node, "/dev/bus/usb/001/%03d", d->address);
  strcpy(d->driver, drivers[d->kind]);
  describe(d);
  GString *record = g_string_new("");
  /* No DEVTYPE yet: adding announces the device at once, and libusb must not see it before node and ioctls are there. */
  g_string_printf(record,
                  "P: %s\nN: bus/usb/001/%03d\nE: DEVNAME=%s\nE: SUBSYSTEM=usb\nE: BUSNUM=001\nE: DEVNUM=%03d\n"
                  "E: MAJOR=189\nE: MINOR=%d\nE: PRODUCT=%x/%x/100\nA: busnum=1\nA: devnum=%d\nA: speed=12\n"
                  "A: bConfigurationValue=1\nA: bNumConfigurations=1\nA: idVendor=%04x\nA: idProduct=%04x\n"
                  "A: dev=189:%d\nA: manufacturer=Emulated\nA: product=Keyboard %s\nA: serial=%s\nH: descriptors=",
                  d->sysfs + 4, d->address, d->node, d->address, d->address - 1, d->vendor, d->product, d->address,
                  d->vendor, d->product, d->address - 1, d->name, d->serial);
  for (int i = 0; i < d->descriptors_length; i++) g_string_append_printf(record, "%02X", d->descriptors[i]);
  if (d->report_descriptor_length) {
    /* The kernel shows a HID interface's report descriptor to everybody. */
    g_string_append_printf(record, "\nH: 1-%d:1.0/0003:%04X:%04X.%04d/report_descriptor=", d->port, d->vendor, d->product, d->port);
    for (int i = 0; i < d->report_descriptor_length && !d->unparsed; i++) g_string_append_printf(record, "%02X", d->report_descriptor[i]);
  }
  g_string_append(record, "\n\n");
  if (!umockdev_testbed_add_from_string(testbed, record->str, &error)) fail("%s: %s", d->name, error->message);
  g_string_free(record, TRUE);

  char terminal[64], path[256];
  if (openpty(&d->master, &d->slave, terminal, NULL, NULL)) fail("openpty: %s", strerror(errno));
  struct termios mode;
  tcgetattr(d->slave, &mode);
  cfmakeraw(&mode);
  tcsetattr(d->slave, TCSANOW, &mode);
  fcntl(d->master, F_SETFD, FD_CLOEXEC);
  fcntl(d->slave, F_SETFD, FD_CLOEXEC);
  if (fchmod(d->slave, d->denied ? 0 : 0660)) fail("chmod: %s", strerror(errno));
  host_path(d->node, path, sizeof path);
  unlink(path);
  if (symlink(terminal, path)) fail("%s: %s", path, strerror(errno));
  raise_poll(d);
  d->handler = umockdev_ioctl_base_new();
  g_signal_connect(d->handler, "handle-ioctl", G_CALLBACK(on_ioctl), d);
  g_signal_connect(d->handler, "client-connected", G_CALLBACK(on_open), d);
  if (!umockdev_testbed_attach_ioctl(testbed, d->node, d->handler, &error)) fail("%s: %s", d->name, error->message);
  umockdev_testbed_set_property(testbed, d->sysfs, "DEVTYPE", "usb_device");
  d->plugged = 1;
  note("%s plugged", d->name);
  if (program) umockdev_testbed_uevent(testbed, d->sysfs, "add");
}

static void unplug(Device *d, int status) {
  if (!d->plugged) {
    fail("%s is not plugged in", d->name);
    return;
  }
  g_mutex_lock(&lock);
  while (d->packets) {
    Packet *p = d->packets;
    d->packets = p->next;
    free(p);
  }
  while (d->pending) complete(d, d->pending, status, 0);
  raise_poll(d);
  d->gone = 1;
  d->plugged = 0;
  note("%s unplugged", d->name);
  g_mutex_unlock(&lock);
  close(d->slave);
  close(d->master);
  umockdev_testbed_uevent(testbed, d->sysfs, "remove");
  umockdev_testbed_detach_ioctl(testbed, d->node, NULL);
  umockdev_testbed_remove_device(testbed, d->sysfs);
  char path[256];
  host_path(d->node, path, sizeof path);
  unlink(path);
}

/* ---- waiting ---- */

static void forward_signal(void) {
  int number = signal_to_forward;
  if (!number || program <= 0) return;
  signal_to_forward = 0;
  kill(program, number);
}

static int program_is_over(void) {
  siginfo_t info = {0};
  forward_signal();
  if (program > 0 && !program_ended && !waitid(P_PID, program, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid)
    program_ended = 1;
  return program_ended;
}

typedef int (*Condition)(const void *);

/* Waits until the condition holds; progress (`changed`) restarts the patience. */
static int await(Condition holds, const void *argument, const char *what) {
  gint64 deadline = g_get_monotonic_time() + PATIENCE_MS * 1000LL;
  int met;
  g_mutex_lock(&lock);
  while (!(met = holds(argument)) && !program_is_over()) {
    if (g_cond_wait_until(&changed, &lock, g_get_monotonic_time() + 20000))
      deadline = g_get_monotonic_time() + PATIENCE_MS * 1000LL;
    if (g_get_monotonic_time() > deadline) break;
  }
  g_mutex_unlock(&lock);
  if (!met && !program_ended) fail("waited %d ms in vain: %s", PATIENCE_MS, what);
  return met;
}

static int is_reading(const void *d) { return pending_read((Device *)d, ENDPOINT) != NULL; }
static int is_written_to(const void *d) { return pending_read((Device *)d, OUT_ENDPOINT) != NULL; }
static int is_asked(const void *d) {
  for (Urb *u = ((const Device *)d)->pending; u; u = u->next)
    if (fields(u)->type == USBDEVFS_URB_TYPE_CONTROL) return 1;
  return 0;
}
/* Sent, and taken by the program too: no later step can overtake it. */
static int has_delivered(const void *d) { return !((const Device *)d)->packets && !((const Device *)d)->done; }
static int is_full(const void *d) { return ((const Device *)d)->full; }
static int file_exists(const void *path) { return access(path, F_OK) == 0; }

static void pause_ms(int ms) {
  gint64 until = g_get_monotonic_time() + ms * 1000LL;
  while (g_get_monotonic_time() < until && !program_is_over()) {
    gint64 left = until - g_get_monotonic_time();
    if (left > 0) g_usleep(left < 20000 ? left : 20000);
  }
}

/* ---- typing ---- */

/* US layout: the usage of the HID keyboard page and whether Shift or Control is held. 0 when there is no such key. */
static int key_for(unsigned char c, byte *modifier) {
  static const char plain[] = "1234567890\n\x1b\b\t -=[]\\#;'`,./", shifted[] = "!@#$%^&*()\n\x1b\b\t _+{}|~:\"~<>?";
  *modifier = 0;
  if (c >= 'a' && c <= 'z') return 0x04 + c - 'a';
  *modifier = 0x02;
  if (c >= 'A' && c <= 'Z') return 0x04 + c - 'A';
  *modifier = 0;
  const char *at = strchr(plain, c);
  if (c && c != '#' && at) return 0x1e + (int)(at - plain);
  *modifier = 0x02;
  at = strchr(shifted, c);
  if (c == '~') return 0x35;
  if (c && at) return 0x1e + (int)(at - shifted);
  *modifier = 0x01;
  if (c == 0x1d) return 0x30; /* GS: Ctrl+] */
  if (c == 0x1e) return 0x23; /* RS: Ctrl+6 */
  if (c == 0x04) return 0x07; /* EOT: Ctrl+D */
  return 0;
}

static void press(Device *d, unsigned char c) {
  byte report[8] = {0}, released[8] = {0};
  report[2] = key_for(c, &report[0]);
  if (!report[2]) {
    fail("no key types the byte %02x", c);
    return;
  }
  send_packet(d, 0, report, 8);
  if (pace_ms) pause_ms(pace_ms);
  send_packet(d, 0, released, 8);
  if (pace_ms) pause_ms(pace_ms);
}

static void type(Device *d, const char *text, int wait) {
  for (; *text; text++) {
    unsigned value;
    if (*text != '\\') {
      press(d, (unsigned char)*text);
    } else if (text[1] == 'n' || text[1] == 't' || text[1] == '\\') {
      press(d, text[1] == 'n' ? '\n' : text[1] == 't' ? '\t' : '\\');
      text++;
    } else if (text[1] == 'x' && sscanf(text + 2, "%2x", &value) == 1) {
      press(d, (unsigned char)value);
      text += 3;
    } else {
      fail("unknown escape in: type %s", text);
      return;
    }
  }
  if (suffix) press(d, suffix);
  if (wait && await(has_delivered, d, "the program to take what was typed"))
    note("%s typed at %.6f", d->name, g_get_real_time() / 1e6);
}

/* ---- steps ---- */

static int status_named(const char *name) {
  static const struct { const char *name; int status; } names[] = {
      {"stall", -EPIPE}, {"proto", -EPROTO}, {"overflow", -EOVERFLOW}, {"ilseq", -EILSEQ}, {"shutdown", -ESHUTDOWN}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(names[i].name, name)) return names[i].status;
  fail("unknown error '%s'; known: stall proto overflow ilseq shutdown", name);
  return -EPROTO;
}

static Device *named(const char *name) {
  for (int i = 0; i < device_count; i++)
    if (!strcmp(devices[i].name, name)) return &devices[i];
  return NULL;
}

static void define(const char *rest) {
  Device d = {0};
  char kind[32] = "";
  int known = 0;
  int words = sscanf(rest, "%31s %31s %x:%x %31s", d.name, kind, &d.vendor, &d.product, d.serial);
  for (int k = 0; k < KINDS; k++)
    if (!strcmp(kind, kind_names[k])) d.kind = k, known = 1;
  if (device_count == MAX_DEVICES || words < 4 || !known) {
    fail("want: device NAME KIND VVVV:PPPP [SERIAL] (at most %d), got: device %s", MAX_DEVICES, rest);
    return;
  }
  d.port = device_count + 1;
  d.port_status = 0x18;
  d.room = -1;
  strcpy(d.device_id, "MFG:Emulated;MDL:Label 1;CMD:ZPL;CLS:PRINTER;");
  if (words < 5) snprintf(d.serial, sizeof d.serial, "SN%04d", d.port);
  devices[device_count] = d;
  current = &devices[device_count++];
}

/* Pairs of hexadecimal digits, as far as they go; `rest` is left behind them. */
static int read_hex(const char **rest, byte *bytes) {
  int length = 0, used = 0;
  unsigned value;
  while (length < PACKET && sscanf(*rest, "%2x%n", &value, &used) == 1) {
    bytes[length++] = value;
    *rest += used;
  }
  return length;
}

/* WANTED => ANSWER */
static void define_rule(const char *rest, int once) {
  Rule *rule = calloc(1, sizeof *rule), **last = &current->rules;
  const char *whole = rest;
  rule->once = once;
  rule->wanted_length = read_hex(&rest, rule->wanted);
  rest += strspn(rest, " ");
  if (strncmp(rest, "=>", 2)) {
    fail("want: answer HEX => HEX, got: answer %s", whole);
    return;
  }
  rest += 2;
  rule->answer_length = read_hex(&rest, rule->answer);
  g_mutex_lock(&lock);
  while (*last) last = &(*last)->next;
  *last = rule;
  g_mutex_unlock(&lock);
}

/* Text of a serial line, with \n, \r and \xHH. */
static void send_text(Device *d, const char *text) {
  byte bytes[4096];
  int length = 0;
  unsigned value;
  for (; *text && length < (int)sizeof bytes; text++) {
    if (*text != '\\') bytes[length++] = *text;
    else if (text[1] == 'n' || text[1] == 'r') bytes[length++] = *++text == 'n' ? '\n' : '\r';
    else if (text[1] == '\\') bytes[length++] = *++text;
    else if (text[1] == 'x' && sscanf(text + 2, "%2x", &value) == 1) bytes[length++] = value, text += 3;
    else fail("unknown escape in: send %s", text);
  }
  g_mutex_lock(&lock);
  queue_line(d, bytes, length);
  if (d->plugged) deliver(d);
  g_mutex_unlock(&lock);
  await(has_delivered, d, "the program to take what was sent");
}

static void start(char **arguments) {
  int denied = 0;
  for (int i = 0; i < device_count; i++) denied |= devices[i].denied;
  program = fork();
  if (program) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* Root may open anything: without this capability a node of mode 0 is refused to it as to anyone else. */
  if (denied) prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
  execvp(arguments[0], arguments);
  fprintf(stderr, "usb-rig: %s: %s\n", arguments[0], strerror(errno));
  _exit(127);
}

static void step(char *line, char **arguments);

static void repeat(const char *rest, char **arguments) {
  int times = 0, offset = 0;
  if (sscanf(rest, "%d %n", &times, &offset) < 1 || !offset) {
    fail("want: repeat COUNT STEP, got: repeat %s", rest);
    return;
  }
  for (int n = 1; n <= times && !program_is_over(); n++) {
    char line[4096], number[16];
    const char *from = rest + offset, *mark = strstr(from, "{n}");
    snprintf(number, sizeof number, "%04d", n);
    if (mark) snprintf(line, sizeof line, "%.*s%s%s", (int)(mark - from), from, number, mark + 3);
    else snprintf(line, sizeof line, "%s", from);
    step(line, arguments);
  }
}

/* Carries out every line that is written into the FIFO until the program ends. */
static void obey(const char *path, char **arguments) {
  char line[16384];
  size_t length = 0;
  if (mkfifo(path, 0600) && errno != EEXIST) fail("%s: %s", path, strerror(errno));
  int fifo = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fifo < 0) fail("%s: %s", path, strerror(errno));
  interactive = 1;
  note("obeying %s", path);
  while (!program_is_over()) {
    struct pollfd ready = {fifo, POLLIN, 0};
    if (poll(&ready, 1, 50) <= 0) continue;
    ssize_t got = read(fifo, line + length, sizeof line - 1 - length);
    if (got <= 0) continue;
    length += got;
    line[length] = 0;
    char *end;
    while ((end = strchr(line, '\n'))) {
      *end = 0;
      step(line, arguments);
      length -= end + 1 - line;
      memmove(line, end + 1, length + 1);
    }
    if (length == sizeof line - 1) length = 0;
  }
  close(fifo);
  unlink(path);
}

/* A path, or the value of an environment variable when it begins with $. */
static const char *path_of(const char *word) {
  if (*word != '$') return word;
  const char *value = getenv(word + 1);
  if (!value) fail("the environment has no %s", word + 1);
  return value ? value : "";
}

static void step(char *line, char **arguments) {
  line[strcspn(line, "\r\n")] = 0;
  if (!*line || *line == '#') return;
  note("> %s", line);
  char *space = strchr(line, ' '), *rest = space ? space + 1 : "";
  if (space) *space = 0;
#define IS(word) (!strcmp(line, word))
  if (IS("device")) define(rest);
  else if (IS("start")) start(arguments);
  else if (IS("sleep")) pause_ms(atoi(rest));
  else if (IS("pace")) pace_ms = atoi(rest);
  else if (IS("wait-file")) await(file_exists, path_of(rest), rest);
  else if (IS("control")) obey(path_of(rest), arguments);
  else if (IS("repeat")) repeat(rest, arguments);
  else if (IS("suffix")) suffix = !strcmp(rest, "enter") ? '\n' : !strcmp(rest, "tab") ? '\t' : 0;
  else if (IS("use")) {
    Device *d = named(rest);
    if (d) current = d;
    else fail("no device is named '%s'", rest);
  } else if (IS("terminate")) {
    if (program > 0) kill(program, SIGTERM);
  } else if (!current) fail("'%s' needs a device: define one first", line);
  else if (IS("plug")) plug(current);
  else if (IS("unplug")) unplug(current, status_named(*rest ? rest : "shutdown"));
  else if (IS("wait-read")) await(is_reading, current, "the program to read from the device");
  else if (IS("type")) type(current, rest, 1);
  else if (IS("type-ahead")) type(current, rest, 0);
  else if (IS("error")) {
    send_packet(current, status_named(rest), NULL, 0);
    await(has_delivered, current, "the program to take the error");
  } else if (IS("report") || IS("report-ahead") || IS("notice")) {
    byte bytes[PACKET];
    const char *digits = rest;
    int length = read_hex(&digits, bytes);
    g_mutex_lock(&lock);
    queue_packet(current, IS("notice") ? NOTICES : ENDPOINT, 0, bytes, length);
    if (current->plugged) deliver(current);
    g_mutex_unlock(&lock);
    if (!IS("report-ahead")) await(has_delivered, current, "the program to take the report");
  } else if (IS("send")) send_text(current, rest);
  else if (IS("answer")) define_rule(rest, 0);
  else if (IS("answer-once")) define_rule(rest, 1);
  else if (IS("report-descriptor")) {
    const char *digits = rest;
    current->report_descriptor_length = read_hex(&digits, current->report_descriptor);
    current->unparsed = 0;
  } else if (IS("unparsed")) {
    current->unparsed = 1;
  } else if (IS("parsed")) {
    char name[64];
    snprintf(name, sizeof name, "1-%d:1.0/0003:%04X:%04X.%04d/report_descriptor", current->port, current->vendor, current->product,
             current->port);
    umockdev_testbed_set_attribute_binary(testbed, current->sysfs, name, current->report_descriptor,
                                          current->report_descriptor_length);
  } else if (IS("refuse") || IS("accept")) current->refuses = IS("refuse");
  else if (IS("mute") || IS("answering")) current->mute = IS("mute");
  else if (IS("busy")) current->busy = atoi(rest);
  else if (IS("wait-write")) await(is_written_to, current, "the program to send to the device");
  else if (IS("wait-control")) await(is_asked, current, "the program to ask the device");
  else if (IS("deaf") || IS("hearing")) current->deaf = IS("deaf");
  else if (IS("device-id")) snprintf(current->device_id, sizeof current->device_id, "%s", rest);
  else if (IS("port-status")) current->port_status = (int)strtol(rest, NULL, 16);
  else if (IS("room")) current->room = atoi(rest);
  else if (IS("wait-full")) await(is_full, current, "the printer to be full");
  else if (IS("sink")) {
    current->sink = fopen(path_of(rest), "we");
    if (!current->sink) fail("%s: %s", rest, strerror(errno));
  } else if (IS("deny") || IS("permit")) {
    current->denied = IS("deny");
    if (current->plugged && fchmod(current->slave, current->denied ? 0 : 0660)) fail("chmod: %s", strerror(errno));
  } else fail("unknown step '%s'", line);
#undef IS
}

static void on_signal(int number) { signal_to_forward = number; }

int main(int count, char **arguments) {
  // A test's worker threads start the rig with signals blocked, which it and its program would inherit.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  /* umockdev sends its events only from a process that runs under its preload. */
  if (!getenv("USB_RIG_PRELOADED")) {
    setenv("USB_RIG_PRELOADED", "1", 1);
    setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
    execv("/proc/self/exe", arguments);
    perror("usb-rig: exec");
    return 3;
  }
  started = g_get_monotonic_time();
  char **rest = arguments + 1;
  if (count > 3 && !strcmp(rest[0], "--log")) {
    log_file = fopen(rest[1], "we");
    rest += 2;
  }
  if (arguments + count - rest < 3 || strcmp(rest[1], "--")) {
    fprintf(stderr, "usage: usb-rig [--log FILE] SCENARIO -- PROGRAM ARGUMENT...\n");
    return 3;
  }
  FILE *scenario = fopen(rest[0], "re");
  if (!scenario) {
    fprintf(stderr, "usb-rig: %s: %s\n", rest[0], strerror(errno));
    return 3;
  }
  signal(SIGTERM, on_signal);
  signal(SIGINT, on_signal);
  testbed = umockdev_testbed_new();
  char line[8192];
  while (fgets(line, sizeof line, scenario) && !program_is_over()) step(line, rest + 2);
  if (!program) fail("the scenario never says start");
  while (!program_is_over()) g_usleep(10000);
  int status = 0;
  waitpid(program, &status, 0);
  note("program ended with %d", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  g_object_unref(testbed);
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
