#include "pyro/report/provenance.hpp"

#include <array>

namespace pyro::report {

std::string Provenance::settings_text() const {
  std::string text = score::settings_text(score);
  for (const auto& [key, value] : settings) text.append(";").append(key).append("=").append(value);
  return text;
}

std::string Provenance::settings_hash() const {
  return score::stable_hash(settings_text());
}

std::string Provenance::models_text() const {
  std::string text;
  for (const ModelFacts& model : models) {
    if (!text.empty()) text += "; ";
    text.append(model.name).append(" ").append(model.version);
  }
  return text;
}

std::string_view name_of(RunState state) {
  constexpr std::array<std::string_view, 4> kNames{"running", "finished", "interrupted", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace pyro::report
