// A forecasting network as the inference engine's own model, a step at a time; no libtorch here.
#pragma once

#include <memory>
#include <openvino/core/model.hpp>

#include "export/arrays.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

// Input "input" [1, s + 11]: the state, zeros at first, then the step. Outputs "forecast" [1, 30] (per target
// mean and five quantiles), "state" [1, s], which goes in with the next step, and "step_s" [1, 1], the
// seconds of a step, so that whoever runs it cannot feed it another pace. One input, so that the recorded
// self-test covers the state too. `arrays` are those of ForecastNet::to_arrays; their about names "kind" and
// "step_s". Errors (bad_input): arrays that are no such network.
Result<std::shared_ptr<ov::Model>> build_forecast(const Arrays& arrays);

}  // namespace pyro::training
