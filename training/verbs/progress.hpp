// What a training run says while it goes on: a bar on a terminal, a line an epoch, JSON lines where asked
// for.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>

#include "fit/fit.hpp"

namespace pyro::training {

class Progress {
 public:
  explicit Progress(bool json);
  void step(const StepReport& report);
  void epoch(const nlohmann::json& line);

 private:
  bool json_;
  bool terminal_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_{};
  int first_step_ = -1;
};

}  // namespace pyro::training
