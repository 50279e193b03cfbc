// For this room's tests: the shipped definitions, and responses from plain lists.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "pyro/surveys/score.hpp"

namespace pyro::surveys::testing {

inline const std::filesystem::path kShipped = std::filesystem::path(PYRO_SOURCE_DIR) / "surveys";

inline const std::vector<Instrument>& shipped() {
  static const std::vector<Instrument> instruments = [] {
    Result<std::vector<Instrument>> loaded = load_instruments(kShipped);
    EXPECT_TRUE(loaded) << loaded.error().text();
    return loaded ? std::move(*loaded) : std::vector<Instrument>{};
  }();
  return instruments;
}

inline const Instrument& shipped(const std::string& id) {
  static const Instrument nothing;
  const auto found = std::ranges::find(shipped(), id, &Instrument::id);
  EXPECT_NE(found, shipped().end()) << id;
  return found == shipped().end() ? nothing : *found;
}

inline constexpr int kLeftOut = -1;

inline Response response_of(const Instrument& instrument, const std::vector<int>& answers,
                            std::string person = "p1") {
  Response response{std::move(person), UtcTime{}, instrument.id, instrument.version, "", {}};
  for (const int answer : answers)
    response.answers.push_back(answer == kLeftOut ? std::nullopt : std::optional(answer));
  EXPECT_EQ(response.answers.size(), static_cast<std::size_t>(instrument.items));
  return response;
}

}  // namespace pyro::surveys::testing
