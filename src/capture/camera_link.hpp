// The way to one camera, in the clear or by TLS.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"
#include "pyro/capture/camera.hpp"

namespace pyro::capture {

class CameraLink {
 public:
  // `address` is numeric. Errors (bad_input): nobody answers within 5 s; by TLS the certificate is none that
  // is trusted, or another's. `stop` ends waiting.
  [[nodiscard]] static Result<std::unique_ptr<CameraLink>> dial(const std::string& address,
                                                                const std::string& port,
                                                                const std::optional<CameraTls>& tls,
                                                                const std::atomic<bool>& stop);
  virtual ~CameraLink() = default;
  [[nodiscard]] virtual int file() const = 0;  // to be waited for
  // Bytes; 0: it has ended; −1: there is nothing now.
  [[nodiscard]] virtual ssize_t read(std::span<char> into) = 0;
  [[nodiscard]] virtual bool write_all(std::string_view bytes, const std::atomic<bool>& stop) = 0;
};

// To a socket that does not block.
[[nodiscard]] bool send_all(int to, std::string_view bytes, const std::atomic<bool>& stop);

}  // namespace pyro::capture
