#include "av.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <cstdarg>
#include <mutex>
#include <string_view>

extern "C" {
#include <libavdevice/avdevice.h>
#include <libavutil/log.h>
}

namespace pyro::capture {
namespace {

void log_line(void* object, int level, const char* format, va_list arguments) {
  const auto ours = level <= AV_LOG_WARNING ? spdlog::level::debug : spdlog::level::trace;
  if (level > AV_LOG_VERBOSE || !spdlog::should_log(ours)) return;
  std::array<char, 512> line{};
  int print_prefix = 1;
  av_log_format_line2(object, level, format, arguments, line.data(), line.size(), &print_prefix);
  std::string_view text(line.data());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  if (!text.empty()) spdlog::log(ours, "libav: {}", text);
}

}  // namespace

std::string av_text(int error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(error, text.data(), text.size());
  return std::string("libav: ") + text.data();
}

void quiet_libav() {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_callback(log_line);
    avdevice_register_all();
    avformat_network_init();
  });
}

}  // namespace pyro::capture
