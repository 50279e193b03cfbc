#include "datasets/samples.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "pyro/datasets/dataset.hpp"

namespace pyro::training {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

Result<std::vector<Sample>> read_dataset_samples(const std::filesystem::path& where) {
  const Result<datasets::Dataset> set = datasets::read_dataset(where, {}, 2);
  if (!set) {
    return tl::make_unexpected(set.error());
  }
  std::vector<Sample> samples;
  for (const datasets::Item& item : set->items) {
    const std::string part = lower(item.split);
    if (part.find("test") != std::string::npos) {
      continue;
    }
    const Result<crop::GreyFace> face = datasets::load_face(item);
    if (!face) {
      return tl::make_unexpected(face.error());
    }
    Sample sample;
    sample.face = *face;
    sample.label = static_cast<int>(item.label);
    sample.labels[static_cast<std::size_t>(*sample.label)] = 1;
    sample.votes = sample.labels;
    sample.majority = sample.label;
    sample.person = item.person;
    sample.validation = part.starts_with("val");
    samples.push_back(std::move(sample));
  }
  if (samples.empty()) {
    return bad_input(where.string() +
                     ": all of its pictures belong to a test part; nothing is left to fit on");
  }
  return samples;
}

Result<Source> parse_source(const std::string& text) {
  const std::size_t sign = text.rfind('=');
  if (sign == std::string::npos || std::filesystem::exists(text)) {
    return Source{text, 1};
  }
  Source source{text.substr(0, sign), 0};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + sign + 1, end, source.weight);
  if (error != std::errc{} || rest != end || !(source.weight > 0)) {
    return wrong_use("--data " + text + ": the weight behind '=' must be a number above 0");
  }
  return source;
}

}  // namespace

Result<std::vector<Source>> parse_sources(const std::vector<std::string>& texts) {
  std::vector<Source> sources;
  for (const std::string& text : texts) {
    Result<Source> source = parse_source(text);
    if (!source) {
      return tl::make_unexpected(source.error());
    }
    sources.push_back(std::move(*source));
  }
  return sources;
}

Result<std::vector<Sample>> read_samples(const std::vector<Source>& sources) {
  std::vector<Sample> all;
  for (const Source& source : sources) {
    std::vector<Sample> samples;
    if (std::filesystem::exists(source.where / "fer2013-train.csv")) {
      Result<std::vector<Picture>> pictures = read_fer2013(source.where, Part::training);
      if (!pictures) {
        return tl::make_unexpected(pictures.error());
      }
      samples = merge_twins(*pictures);
    } else {
      Result<std::vector<Sample>> read = read_dataset_samples(source.where);
      if (!read) {
        return read;
      }
      samples = std::move(*read);
    }
    for (Sample& sample : samples) {
      sample.weight = source.weight;
      all.push_back(std::move(sample));
    }
  }
  return all;
}

}  // namespace pyro::training
