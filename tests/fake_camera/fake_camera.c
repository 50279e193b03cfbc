// A camera that is not there: preloaded into a program, it answers for FAKE_CAMERA (say /dev/video90) what a
// Video4Linux driver would, so that the program's own way through libavdevice is what runs. Everything else
// passes through. Frames come from memory that the program maps as it maps a driver's.
//
//   FAKE_CAMERA         the device's path
//   FAKE_CAMERA_FILE    its frames: JPEG pictures one after another, or raw 4:2:2 (FAKE_CAMERA_RAW=WxH)
//   FAKE_CAMERA_RAW     WxH: no JPEG, only YUYV of this size, whatever size is asked
//   FAKE_CAMERA_FPS     30 unless set
//   FAKE_CAMERA_LOSE    unplugged after so many frames, ...
//   FAKE_CAMERA_BACK_S  ... and plugged in again so many seconds later (never, unless set)
//   FAKE_CAMERA_DENIED  set: the user has no right to it
//   FAKE_CAMERA_DEV     a folder that is shown to whoever lists /dev
//
// One camera, opened by one thread at a time; the frames' file fits in memory.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

enum { kBuffers = 4, kBufferBytes = 4 << 20, kMostFrames = 1 << 16 };

static struct {
  int fd;  // a memory file that stands for the device; -1: closed
  unsigned char* buffers;
  unsigned char* bytes;  // the frames' file
  size_t starts[kMostFrames + 1];
  int frames, next;
  int queue[kBuffers], queued;
  long given, sequence;
  double due_s, lost_at_s;
  bool raw;
  int width, height, fps;
} camera = {.fd = -1, .lost_at_s = -1};

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static double now_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool is_camera(const char* path) {
  const char* wanted = getenv("FAKE_CAMERA");
  return wanted != NULL && path != NULL && strcmp(path, wanted) == 0;
}

static bool plugged_in(void) {
  if (camera.lost_at_s < 0) return true;
  const char* back = getenv("FAKE_CAMERA_BACK_S");
  return back != NULL && now_s() - camera.lost_at_s >= atof(back);
}

static bool read_frames(void) {
  if (camera.frames > 0) return true;
  const char* path = getenv("FAKE_CAMERA_FILE");
  FILE* file = path != NULL ? fopen(path, "rb") : NULL;
  if (file == NULL) return false;
  fseek(file, 0, SEEK_END);
  const size_t size = (size_t)ftell(file);
  rewind(file);
  camera.bytes = malloc(size);
  const bool whole = fread(camera.bytes, 1, size, file) == size;
  fclose(file);
  if (!whole) return false;
  const char* raw = getenv("FAKE_CAMERA_RAW");
  camera.raw = raw != NULL && sscanf(raw, "%dx%d", &camera.width, &camera.height) == 2;
  if (camera.raw) {
    const size_t frame = (size_t)camera.width * (size_t)camera.height * 2;
    for (size_t at = 0; at <= size && camera.frames < kMostFrames; at += frame)
      camera.starts[camera.frames++] = at;
    camera.frames -= 1;  // the last start is the end
  } else {
    for (size_t at = 0; at + 2 < size && camera.frames < kMostFrames; ++at) {
      const bool start = camera.bytes[at] == 0xff && camera.bytes[at + 1] == 0xd8 && camera.bytes[at + 2] == 0xff;
      if (start) camera.starts[camera.frames++] = at;
    }
    camera.starts[camera.frames] = size;
  }
  return camera.frames > 0;
}

static int open_camera(void) {
  if (getenv("FAKE_CAMERA_DENIED") != NULL) {
    errno = EACCES;
    return -1;
  }
  if (!plugged_in() || !read_frames()) {
    errno = ENODEV;
    return -1;
  }
  if (camera.lost_at_s >= 0) {  // back, and not lost again
    camera.lost_at_s = -1;
    unsetenv("FAKE_CAMERA_LOSE");
  }
  const int fd = memfd_create("fake camera", MFD_CLOEXEC);
  if (fd < 0 || ftruncate(fd, (off_t)kBuffers * kBufferBytes) != 0) return -1;
  camera.buffers = mmap(NULL, (size_t)kBuffers * kBufferBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  camera.fd = fd;
  camera.queued = 0;
  camera.sequence = 0;
  const char* fps = getenv("FAKE_CAMERA_FPS");
  camera.fps = fps != NULL ? atoi(fps) : 30;
  return fd;
}

static int refuse(int error) {
  errno = error;
  return -1;
}

// A driver blocks until a frame is there; frames that find no buffer queued are lost.
static int dequeue(struct v4l2_buffer* buffer) {
  const char* lose = getenv("FAKE_CAMERA_LOSE");
  if (lose != NULL && camera.given >= atol(lose)) {
    if (camera.lost_at_s < 0) camera.lost_at_s = now_s();
    return refuse(ENODEV);
  }
  if (camera.queued == 0) return refuse(EAGAIN);
  double wait = camera.due_s - now_s();
  if (wait < -0.5 || camera.sequence == 0) camera.due_s = now_s(), wait = 0;
  if (wait > 0) usleep((useconds_t)(wait * 1e6));
  camera.due_s += 1.0 / camera.fps;

  const int index = camera.queue[0];
  camera.queued -= 1;
  memmove(camera.queue, camera.queue + 1, sizeof(int) * (size_t)camera.queued);
  const int frame = camera.next++ % camera.frames;
  const size_t size = camera.starts[frame + 1] - camera.starts[frame];
  if (size > kBufferBytes) return refuse(EIO);
  memcpy(camera.buffers + (size_t)index * kBufferBytes, camera.bytes + camera.starts[frame], size);
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  buffer->index = (unsigned)index;
  buffer->bytesused = (unsigned)size;
  buffer->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
  buffer->field = V4L2_FIELD_NONE;
  buffer->sequence = (unsigned)camera.sequence++;
  buffer->timestamp.tv_sec = now.tv_sec;
  buffer->timestamp.tv_usec = now.tv_nsec / 1000;
  camera.given += 1;
  return 0;
}

static int set_format(struct v4l2_format* format) {
  struct v4l2_pix_format* pixels = &format->fmt.pix;
  if (camera.raw) {
    pixels->width = (unsigned)camera.width;
    pixels->height = (unsigned)camera.height;
  }
  pixels->pixelformat = camera.raw ? V4L2_PIX_FMT_YUYV : V4L2_PIX_FMT_MJPEG;
  pixels->field = V4L2_FIELD_NONE;
  pixels->bytesperline = camera.raw ? pixels->width * 2 : 0;
  pixels->sizeimage = camera.raw ? pixels->width * pixels->height * 2 : kBufferBytes;
  return 0;
}

static int answer(unsigned long request, void* argument) {
  switch (request) {
    case VIDIOC_QUERYCAP: {
      struct v4l2_capability* capability = argument;
      memset(capability, 0, sizeof *capability);
      strcpy((char*)capability->driver, "fake");
      strcpy((char*)capability->card, "Camera of the tests");
      capability->capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_DEVICE_CAPS;
      capability->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
      return 0;
    }
    case VIDIOC_G_INPUT:
      *(int*)argument = 0;
      return 0;
    case VIDIOC_ENUMINPUT: {
      struct v4l2_input* input = argument;
      return input->index == 0 ? 0 : refuse(EINVAL);
    }
    case VIDIOC_ENUM_FMT: {
      struct v4l2_fmtdesc* format = argument;
      if (format->index > 0) return refuse(EINVAL);
      format->pixelformat = camera.raw ? V4L2_PIX_FMT_YUYV : V4L2_PIX_FMT_MJPEG;
      strcpy((char*)format->description, camera.raw ? "YUYV 4:2:2" : "Motion-JPEG");
      return 0;
    }
    case VIDIOC_G_FMT:
    case VIDIOC_S_FMT:
    case VIDIOC_TRY_FMT:
      return set_format(argument);
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM: {
      struct v4l2_streamparm* parameters = argument;
      parameters->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
      parameters->parm.capture.timeperframe.numerator = 1;
      parameters->parm.capture.timeperframe.denominator = (unsigned)camera.fps;
      return 0;
    }
    case VIDIOC_REQBUFS: {
      struct v4l2_requestbuffers* wanted = argument;
      if (wanted->memory != V4L2_MEMORY_MMAP) return refuse(EINVAL);
      if (wanted->count > kBuffers) wanted->count = kBuffers;
      return 0;
    }
    case VIDIOC_QUERYBUF: {
      struct v4l2_buffer* buffer = argument;
      buffer->length = kBufferBytes;
      buffer->m.offset = buffer->index * kBufferBytes;
      return 0;
    }
    case VIDIOC_QBUF: {
      const struct v4l2_buffer* buffer = argument;
      if (buffer->index >= kBuffers || camera.queued == kBuffers) return refuse(EINVAL);
      camera.queue[camera.queued++] = (int)buffer->index;
      return 0;
    }
    case VIDIOC_DQBUF:
      return dequeue(argument);
    case VIDIOC_STREAMON:
    case VIDIOC_STREAMOFF:
      return 0;
    default:
      return refuse(ENOTTY);
  }
}

int ioctl(int fd, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void* argument = va_arg(rest, void*);
  va_end(rest);
  // libav passes an int, so the upper bits may be its sign.
  if (fd >= 0 && fd == camera.fd) return answer(request & 0xffffffffUL, argument);
  return ((int (*)(int, unsigned long, void*))dlsym(RTLD_NEXT, "ioctl"))(fd, request, argument);
}

#define OPENS(name)                                                                \
  int name(const char* path, int flags, ...) {                                     \
    va_list rest;                                                                  \
    va_start(rest, flags);                                                         \
    const mode_t mode = va_arg(rest, mode_t);                                      \
    va_end(rest);                                                                  \
    if (is_camera(path)) return open_camera();                                     \
    return ((int (*)(const char*, int, mode_t))dlsym(RTLD_NEXT, #name))(path, flags, mode); \
  }
OPENS(open)
OPENS(open64)

int openat(int folder, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  const char* shown = getenv("FAKE_CAMERA_DEV");
  if (shown != NULL && strcmp(path, "/dev") == 0) path = shown;
  return ((int (*)(int, const char*, int, mode_t))dlsym(RTLD_NEXT, "openat"))(folder, path, flags, mode);
}

int close(int fd) {
  if (fd >= 0 && fd == camera.fd) {
    munmap(camera.buffers, (size_t)kBuffers * kBufferBytes);
    camera.fd = -1;
  }
  return REAL(close)(fd);
}

int access(const char* path, int mode) {
  if (!is_camera(path)) return REAL(access)(path, mode);
  if (getenv("FAKE_CAMERA_DENIED") != NULL) return refuse(EACCES);
  return plugged_in() ? 0 : refuse(ENOENT);
}

int stat(const char* path, struct stat* status) {
  if (!is_camera(path)) return REAL(stat)(path, status);
  if (!plugged_in()) return refuse(ENOENT);
  memset(status, 0, sizeof *status);
  status->st_mode = S_IFCHR | 0660;
  status->st_rdev = makedev(81, 90);
  return 0;
}
int stat64(const char* path, struct stat64* status) { return stat(path, (struct stat*)status); }
