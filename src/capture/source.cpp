#include "pyro/capture/source.hpp"

#include <filesystem>
#include <system_error>

#include "av_input.hpp"

namespace pyro::capture {

Result<std::unique_ptr<Source>> open(const std::string& input, const SourceOptions& options) {
  AvInputSpec spec;
  spec.name = input;
  spec.url = "file:" + input;
  return open_av_input(spec, options, make_stop_flag());
}

}  // namespace pyro::capture
