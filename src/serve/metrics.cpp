#include "metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace pyro::serve {

struct Metrics::Impl {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter()
          .Name("pyrometer_requests_total")
          .Help("Requests by operation of the contract and class of status")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds = prometheus::BuildHistogram()
                                                           .Name("pyrometer_request_seconds")
                                                           .Help("From the whole request to the whole answer")
                                                           .Register(registry);
  prometheus::Family<prometheus::Gauge>& gauges =
      prometheus::BuildGauge()
          .Name("pyrometer_live")
          .Help("Live analysis: running sessions, and counts since the start")
          .Register(registry);
  prometheus::Gauge& open = prometheus::BuildGauge()
                                .Name("pyrometer_connections")
                                .Help("Open connections")
                                .Register(registry)
                                .Add({});
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::answered(std::string_view operation, int status, double seconds) {
  const std::string name{operation};
  impl_->requests.Add({{"operation", name}, {"status", std::to_string(status / 100) + "xx"}}).Increment();
  static const prometheus::Histogram::BucketBoundaries kBounds{0.001, 0.0025, 0.005, 0.01, 0.025,
                                                               0.05,  0.1,    0.25,  1,    5};
  impl_->seconds.Add({{"operation", name}}, kBounds).Observe(seconds);
}

std::string Metrics::text(const live::HubFigures& live, std::size_t connections) {
  const auto set = [&](const char* what, double value) { impl_->gauges.Add({{"what", what}}).Set(value); };
  set("sessions", static_cast<double>(live.sessions));
  set("frames", static_cast<double>(live.frames));
  set("dropped", static_cast<double>(live.dropped));
  set("unreadable", static_cast<double>(live.broken));
  set("kept_seconds", static_cast<double>(live.kept_seconds));
  set("unkept_seconds", static_cast<double>(live.unkept_seconds));
  impl_->open.Set(static_cast<double>(connections));
  return prometheus::TextSerializer{}.Serialize(impl_->registry.Collect());
}

}  // namespace pyro::serve
