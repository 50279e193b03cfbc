#include <bit>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pyro/base/files.hpp"
#include "pyro/study/seconds.hpp"

namespace pyro::study {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the file is little-endian, as every machine we build for");

constexpr std::string_view kMagic = "PYROSEC1";
constexpr std::size_t kMostJson = std::size_t{1} << 20;
constexpr std::size_t kMostSeconds = 7 * 86400 + 1;

using Json = nlohmann::ordered_json;

Json facts_json(const SessionFacts& facts) {
  return {{"input", facts.input},
          {"models", facts.models},
          {"settings", facts.settings},
          {"face_id", facts.face_id},
          {"start_us", facts.start ? Json(facts.start->time_since_epoch().count()) : Json{}},
          {"duration_s", facts.duration_s},
          {"frames", facts.frames},
          {"rows", facts.rows},
          {"valid", facts.valid},
          {"gap_reasons", facts.gap_reasons},
          {"gaps", facts.gaps},
          {"gap_s", facts.gap_s},
          {"longest_gap_s", facts.longest_gap_s},
          {"blinks", facts.blinks},
          {"yawns", facts.yawns},
          {"nods", facts.nods},
          {"eyes_seen_s", facts.eyes_seen_s},
          {"eyes_closed_s", facts.eyes_closed_s},
          {"simulated", facts.simulated}};
}

SessionFacts facts_of(const nlohmann::json& json) {
  SessionFacts facts;
  json.at("input").get_to(facts.input);
  json.at("models").get_to(facts.models);
  json.at("settings").get_to(facts.settings);
  json.at("face_id").get_to(facts.face_id);
  if (const auto& start = json.at("start_us"); !start.is_null())
    facts.start = UtcTime{std::chrono::microseconds{start.get<std::int64_t>()}};
  json.at("duration_s").get_to(facts.duration_s);
  json.at("frames").get_to(facts.frames);
  json.at("rows").get_to(facts.rows);
  json.at("valid").get_to(facts.valid);
  json.at("gap_reasons").get_to(facts.gap_reasons);
  json.at("gaps").get_to(facts.gaps);
  json.at("gap_s").get_to(facts.gap_s);
  json.at("longest_gap_s").get_to(facts.longest_gap_s);
  json.at("blinks").get_to(facts.blinks);
  json.at("yawns").get_to(facts.yawns);
  json.at("nods").get_to(facts.nods);
  json.at("eyes_seen_s").get_to(facts.eyes_seen_s);
  json.at("eyes_closed_s").get_to(facts.eyes_closed_s);
  json.at("simulated").get_to(facts.simulated);
  return facts;
}

template <typename T>
void put(std::string& out, const T* values, std::size_t count) {
  out.append(reinterpret_cast<const char*>(values), count * sizeof(T));
}

// Takes arrays off a buffer; `good` turns false where it is too short.
struct Taker {
  const char* at;
  std::size_t left;
  bool good = true;

  template <typename T>
  void take(T* values, std::size_t count) {
    if (!good || left / sizeof(T) < count) {
      good = false;
      return;
    }
    std::memcpy(values, at, count * sizeof(T));
    at += count * sizeof(T);
    left -= count * sizeof(T);
  }
  template <typename T>
  void take(std::vector<T>& values, std::size_t count) {
    if (left / sizeof(T) < count) {
      good = false;
      return;
    }
    values.resize(count);
    take(values.data(), count);
  }
};

// Most columns have the same counts (all frames with a mesh), so equal arrays are written once.
std::vector<std::size_t> distinct_counts(const SessionSeconds& session, std::vector<std::size_t>& which) {
  std::vector<std::size_t> first;
  for (std::size_t i = 0; i < session.signals.size(); ++i) {
    std::size_t k = 0;
    while (k < first.size() && session.signals[first[k]].count != session.signals[i].count) ++k;
    if (k == first.size()) first.push_back(i);
    which.push_back(k);
  }
  return first;
}

bool consistent(const SessionSeconds& session) {
  for (std::size_t i = 0; i < session.size(); ++i) {
    if (session.second[i] < 0 || (i > 0 && session.second[i] <= session.second[i - 1])) return false;
  }
  return true;
}

}  // namespace

Status write_seconds(const SessionSeconds& session, const std::filesystem::path& file) {
  std::vector<std::size_t> which;
  const std::vector<std::size_t> counts = distinct_counts(session, which);
  Json head = facts_json(session.facts);
  Json names = Json::array();
  for (std::size_t i = 0; i < kSignals; ++i) names.push_back(signal_name(i));
  head["signals"] = std::move(names);
  head["counts_of"] = which;
  std::string json = head.dump(-1, ' ', false, Json::error_handler_t::replace);
  json.resize((json.size() + 7) / 8 * 8, ' ');

  const std::array<std::uint32_t, 4> sizes{
      static_cast<std::uint32_t>(json.size()), static_cast<std::uint32_t>(session.size()),
      static_cast<std::uint32_t>(kSignals), static_cast<std::uint32_t>(counts.size())};
  std::string out{kMagic};
  put(out, sizes.data(), sizes.size());
  out += json;
  put(out, session.second.data(), session.size());
  const auto put_score = [&](auto read) {
    for (const ScoreSecond& one : session.score) {
      const auto value = read(one);
      put(out, &value, 1);
    }
  };
  put_score([](const ScoreSecond& one) { return one.count; });
  put_score([](const ScoreSecond& one) { return one.mean; });
  put_score([](const ScoreSecond& one) { return one.squares; });
  put_score([](const ScoreSecond& one) { return one.min; });
  put_score([](const ScoreSecond& one) { return one.max; });
  for (const std::size_t i : counts) put(out, session.signals[i].count.data(), session.size());
  for (const SignalSeconds& signal : session.signals) {
    put(out, signal.mean.data(), session.size());
    put(out, signal.squares.data(), session.size());
  }
  return replace_file(file, out);
}

Status read_seconds(const std::filesystem::path& file, SessionSeconds& into) {
  const std::string name = file.string();
  std::ifstream input{file, std::ios::binary};
  if (!input) return bad_input("cannot open " + name + ": add the session again");
  // The text lives on in the thread: ten thousand sessions need the memory of one.
  thread_local std::string text;
  input.seekg(0, std::ios::end);
  const auto size = static_cast<std::streamoff>(input.tellg());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  input.seekg(0);
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  const auto broken = [&] {
    return bad_input(name + " is no seconds file of this version, or was cut; add the session again");
  };
  if (!input || !text.starts_with(kMagic)) return broken();
  Taker from{text.data() + kMagic.size(), text.size() - kMagic.size()};
  std::array<std::uint32_t, 4> sizes{};
  from.take(sizes.data(), sizes.size());
  const std::size_t n = sizes[1];
  if (!from.good || sizes[0] > kMostJson || sizes[0] > from.left || n > kMostSeconds ||
      sizes[2] != kSignals || sizes[3] > kSignals)
    return broken();
  std::vector<std::size_t> which;
  try {
    const auto head = nlohmann::json::parse(from.at, from.at + sizes[0]);
    into.facts = facts_of(head);
    head.at("counts_of").get_to(which);
    if (head.at("signals").size() != kSignals || which.size() != kSignals) return broken();
    for (std::size_t i = 0; i < kSignals; ++i) {
      if (head.at("signals")[i] != signal_name(i) || which[i] >= sizes[3]) return broken();
    }
  } catch (const nlohmann::json::exception&) {
    return broken();
  }
  from.at += sizes[0];
  from.left -= sizes[0];
  from.take(into.second, n);
  into.score.resize(n);
  const auto take_score = [&](auto member) {
    for (ScoreSecond& one : into.score) from.take(&(one.*member), 1);
  };
  take_score(&ScoreSecond::count);
  take_score(&ScoreSecond::mean);
  take_score(&ScoreSecond::squares);
  take_score(&ScoreSecond::min);
  take_score(&ScoreSecond::max);
  std::vector<std::vector<std::uint32_t>> counts(sizes[3]);
  for (auto& one : counts) from.take(one, n);
  if (!from.good) return broken();
  into.signals.resize(kSignals);
  for (std::size_t i = 0; i < kSignals; ++i) {
    into.signals[i].count = counts[which[i]];
    from.take(into.signals[i].mean, n);
    from.take(into.signals[i].squares, n);
  }
  if (!from.good || from.left != 0 || !consistent(into)) return broken();
  return {};
}

}  // namespace pyro::study
