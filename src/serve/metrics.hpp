// Figures for Prometheus: operations, how they ended and how long they took; live sessions; what is kept. No
// person, account or address is a label.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pyro/live/hub.hpp"

namespace pyro::serve {

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void answered(std::string_view operation, int status, double seconds);
  // The text that a scrape is answered (Prometheus exposition format 0.0.4).
  [[nodiscard]] std::string text(const live::HubFigures& live, std::size_t connections);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::serve
