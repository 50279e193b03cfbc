// What makes a source live: it is sought again when it is lost, or it is a file that plays at its own pace.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "av.hpp"
#include "pyro/capture/source.hpp"

namespace pyro::capture {

using Opener = std::function<Result<std::unique_ptr<Source>>()>;

// Reads source; when it ends or fails, opens it again after 0.25 s, then twice as long each time up to 5 s,
// until retry_for has passed since the last frame: then the last error. Indices go on; times too, by the real
// gap.
[[nodiscard]] std::unique_ptr<Source> retrying(std::unique_ptr<Source> source, Opener open_again,
                                               Seconds retry_for, const StopFlag& stop);
// One that is still to be opened, and whose end is a loss like any other; see awaited() in camera.hpp.
[[nodiscard]] std::unique_ptr<Source> retrying(SourceInfo info, Opener open, Seconds retry_for,
                                               const StopFlag& stop, std::function<void(bool there)> told);

// Gives each frame when its time has come, counted from the first, with the wall clock as utc.
[[nodiscard]] std::unique_ptr<Source> paced(std::unique_ptr<Source> source, const StopFlag& stop);

}  // namespace pyro::capture
