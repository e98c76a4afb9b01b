/* camera-rig: an emulated camera of this machine (Video4Linux) for a program and all that it starts.
 *
 *   camera-rig FRAME.gray WIDTH HEIGHT -- PROGRAM ARGUMENT...
 *
 * umockdev gives the program /sys/class/video4linux/video0 and /dev/video0; this file answers its ioctls (V4L2, memory
 * mapped buffers) and shows the one gray frame 30 times a second. While the file named by CAMERA_RIG_UNPLUGGED exists the
 * camera is unplugged: reading fails with ENODEV. The exit status is the program's.
 *
 * The node is a large regular file, because buffers are mapped from it: a buffer is filled by writing to its place. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <umockdev.h>
#include <unistd.h>

enum { MAX_BUFFERS = 8, FRAME_MICROSECONDS = 33333 };

static unsigned width, height, buffer_size;
static unsigned char *frame;
static int node, buffers, queue[MAX_BUFFERS], queued, is_on, sequence;
static const char *unplugged;
static pid_t program;

static void die(const char *words) {
  fprintf(stderr, "camera-rig: %s\n", words);
  exit(3);
}

static void describe(struct v4l2_pix_format *format) {
  format->width = width;
  format->height = height;
  format->pixelformat = V4L2_PIX_FMT_GREY;
  format->field = V4L2_FIELD_NONE;
  format->bytesperline = width;
  format->sizeimage = width * height;
  format->colorspace = V4L2_COLORSPACE_SRGB;
}

/* Hands the oldest queued buffer back, filled. */
static int dequeue(struct v4l2_buffer *buffer) {
  if (unplugged && !access(unplugged, F_OK)) return ENODEV;
  if (!is_on || !queued) return EAGAIN;
  g_usleep(FRAME_MICROSECONDS);
  int index = queue[0];
  memmove(queue, queue + 1, --queued * sizeof *queue);
  if (pwrite(node, frame, width * height, (off_t)index * buffer_size) < 0) return EIO;
  gint64 now = g_get_monotonic_time();
  buffer->index = index;
  buffer->bytesused = width * height;
  buffer->flags = V4L2_BUF_FLAG_DONE | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
  buffer->field = V4L2_FIELD_NONE;
  buffer->sequence = sequence++;
  buffer->length = buffer_size;
  buffer->m.offset = index * buffer_size;
  buffer->memory = V4L2_MEMORY_MMAP;
  buffer->timestamp.tv_sec = now / 1000000;
  buffer->timestamp.tv_usec = now % 1000000;
  return 0;
}

/* Answers one ioctl; gives back its errno. */
static int answer(unsigned long request, void *argument) {
  switch ((unsigned)request) {
  case VIDIOC_QUERYCAP: {
    struct v4l2_capability *it = argument;
    memset(it, 0, sizeof *it);
    strcpy((char *)it->driver, "rig");
    strcpy((char *)it->card, "Rig camera");
    strcpy((char *)it->bus_info, "platform:rig");
    it->version = 0x60000;
    it->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    it->capabilities = it->device_caps | V4L2_CAP_DEVICE_CAPS;
    return 0;
  }
  case VIDIOC_ENUM_FMT: {
    struct v4l2_fmtdesc *it = argument;
    if (it->index || it->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return EINVAL;
    strcpy((char *)it->description, "8-bit Greyscale");
    it->flags = 0;
    it->pixelformat = V4L2_PIX_FMT_GREY;
    return 0;
  }
  case VIDIOC_G_FMT:
  case VIDIOC_S_FMT:
  case VIDIOC_TRY_FMT: {
    struct v4l2_format *it = argument;
    if (it->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return EINVAL;
    describe(&it->fmt.pix);
    return 0;
  }
  case VIDIOC_ENUMINPUT: {
    struct v4l2_input *it = argument;
    if (it->index) return EINVAL;
    strcpy((char *)it->name, "Camera 1");
    it->type = V4L2_INPUT_TYPE_CAMERA;
    return 0;
  }
  case VIDIOC_G_INPUT: *(int *)argument = 0; return 0;
  case VIDIOC_S_INPUT: return 0;
  case VIDIOC_REQBUFS: {
    struct v4l2_requestbuffers *it = argument;
    if (it->memory != V4L2_MEMORY_MMAP) return EINVAL;
    if (it->count > MAX_BUFFERS) it->count = MAX_BUFFERS;
    buffers = it->count;
    queued = 0;
    it->capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP;
    return 0;
  }
  case VIDIOC_QUERYBUF: {
    struct v4l2_buffer *it = argument;
    if ((int)it->index >= buffers) return EINVAL;
    it->m.offset = it->index * buffer_size;
    it->length = buffer_size;
    it->flags = 0;
    return 0;
  }
  case VIDIOC_QBUF: {
    struct v4l2_buffer *it = argument;
    if ((int)it->index >= buffers || queued == MAX_BUFFERS) return EINVAL;
    queue[queued++] = it->index;
    it->flags = V4L2_BUF_FLAG_QUEUED;
    return 0;
  }
  case VIDIOC_STREAMON: is_on = 1; return 0;
  case VIDIOC_STREAMOFF:
    is_on = 0;
    queued = 0;
    return 0;
  case VIDIOC_DQBUF: return dequeue(argument);
  default: return ENOTTY;
  }
}

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer context) {
  (void)base;
  (void)context;
  gulong request = umockdev_ioctl_client_get_request(client);
  UMockdevIoctlData *data = NULL;
  if (_IOC_SIZE(request))
    data = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, _IOC_SIZE(request), NULL);
  int code = answer(request, data ? data->data : NULL);
  if (data) g_object_unref(data);
  umockdev_ioctl_client_complete(client, code ? -1 : 0, code);
  return TRUE;
}

static void pass_on(int number) { kill(program, number); }

/* Who starts this may have signals blocked, which is inherited. */
static void unblock(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

int main(int count, char **arguments) {
  if (count < 6 || strcmp(arguments[4], "--")) die("camera-rig FRAME.gray WIDTH HEIGHT -- PROGRAM ARGUMENT...");
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  unblock();
  width = atoi(arguments[2]);
  height = atoi(arguments[3]);
  if (!width || !height || width > 8192 || height > 8192) die("a frame has 1 to 8192 pixels a side");
  buffer_size = (width * height + 4095) & ~4095u;
  frame = malloc(width * height);
  FILE *file = fopen(arguments[1], "rb");
  if (!file || fread(frame, 1, width * height, file) != width * height) die("the frame cannot be read");
  fclose(file);
  unplugged = getenv("CAMERA_RIG_UNPLUGGED");

  GError *error = NULL;
  UMockdevTestbed *testbed = umockdev_testbed_new();
  umockdev_testbed_add_from_string(testbed,
                                   "P: /devices/rig/video4linux/video0\nN: video0=00\nE: DEVNAME=/dev/video0\n"
                                   "E: SUBSYSTEM=video4linux\nE: MAJOR=81\nE: MINOR=0\nA: dev=81:0\n"
                                   "A: name=Rig camera\nA: index=0\n\n",
                                   &error);
  if (error) die(error->message);
  char *path = g_strconcat(umockdev_testbed_get_root_dir(testbed), "/dev/video0", NULL);
  node = open(path, O_RDWR | O_CLOEXEC);
  if (node < 0 || ftruncate(node, (off_t)MAX_BUFFERS * buffer_size)) die("the node cannot be made");
  UMockdevIoctlBase *base = umockdev_ioctl_base_new();
  g_signal_connect(base, "handle-ioctl", G_CALLBACK(on_ioctl), NULL);
  umockdev_testbed_attach_ioctl(testbed, "/dev/video0", base, &error);
  if (error) die(error->message);

  program = fork();
  if (!program) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
    execvp(arguments[5], arguments + 5);
    _exit(127);
  }
  struct sigaction action = {.sa_handler = pass_on};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  int status;
  while (waitpid(program, &status, 0) < 0 && errno == EINTR) {}
  umockdev_testbed_detach_ioctl(testbed, "/dev/video0", NULL);
  g_object_unref(testbed);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
