#include "verbs/progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

namespace pyro::training {

Progress::Progress(bool json) : json_(json), terminal_(!json && ::isatty(STDERR_FILENO) == 1) {}

void Progress::step(const StepReport& report) {
  using std::chrono::steady_clock;
  const auto now = steady_clock::now();
  const int done = report.epoch * report.batches + report.batch;
  if (first_step_ < 0) {
    first_step_ = done - 1;  // a resumed run starts in the middle: its rate counts from there
  }
  if (!terminal_ || now - shown_ < std::chrono::milliseconds(250)) {
    return;
  }
  shown_ = now;
  const double elapsed_s = std::chrono::duration<double>(now - began_).count();
  const double left_s = elapsed_s / (done - first_step_) * (report.epochs * report.batches - done);
  constexpr int kWidth = 24;
  const int full = kWidth * report.batch / report.batches;
  std::fprintf(stderr, "\repoch %d/%d [%s%s] loss %.3f, %d:%02d:%02d left \033[K", report.epoch + 1,
               report.epochs, std::string(static_cast<std::size_t>(full), '#').c_str(),
               std::string(static_cast<std::size_t>(kWidth - full), '.').c_str(), report.loss,
               static_cast<int>(left_s) / 3600, static_cast<int>(left_s) / 60 % 60,
               static_cast<int>(left_s) % 60);
}

void Progress::epoch(const nlohmann::json& line) {
  if (json_) {
    std::cout << line.dump() << std::endl;
    return;
  }
  std::fprintf(stderr, "%sepoch %d: hold-out %.2f %% product, %.2f %% fer2013; %.0f s\n",
               terminal_ ? "\r\033[K" : "", line.at("epoch").get<int>() + 1,
               100 * line.at("hold_out_product").get<double>(),
               100 * line.at("hold_out_fer2013").get<double>(), line.at("seconds").get<double>());
}

}  // namespace pyro::training
