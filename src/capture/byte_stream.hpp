// A pipe (stdin) as a source: JPEG pictures one after another, or any container that can be read in order.
#pragma once

#include <memory>
#include <string>

#include "av.hpp"
#include "pyro/capture/source.hpp"

namespace pyro::capture {

// Reads fd (not closed here) from its present position. A stream that begins with a JPEG or a multipart
// boundary is cut by MjpegSplitter: pictures 1/25 s apart, or by arrival with options.realtime.
[[nodiscard]] Result<std::unique_ptr<Source>> open_byte_stream(const std::string& name, int fd,
                                                               const SourceOptions& options,
                                                               const StopFlag& stop);

}  // namespace pyro::capture
