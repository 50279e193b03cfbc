// Files for jobs, sent whole or, so that a cut of the network costs little, in pieces.
#include <spdlog/spdlog.h>

#include "../office.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/base/sha256.hpp"
#include "pyro/jobs/media.hpp"
#include "pyro/jobs/pieces.hpp"

namespace pyro::serve {
namespace {

constexpr std::int64_t kMostUploads = 1000, kMostBytesOfAll = 16LL << 30, kMostBytesOfOne = 4LL << 30;

Result<std::int64_t> number_in(store::Connection& in, const std::string& sql, const std::string& account) {
  const auto rows = in.query(sql, account);
  if (!rows) return tl::make_unexpected(rows.error());
  const auto* number = std::get_if<std::int64_t>(&rows->front()[0]);
  return number == nullptr ? 0 : *number;
}

tl::unexpected<Problem> not_kept(const Call& call, const Error& error) {
  spdlog::error("request {}: {}", call.request.id, error.text());
  return problem(507, "out-of-space", "The upload could not be kept; the disk may be full.");
}

// What a file is, by its beginning; refused where no job takes it.
Granted<std::string_view> kind_of(const std::filesystem::path& file) {
  const Result<jobs::Media> media = jobs::media_of_file(file);
  if (!media) return trouble(media);
  if (media->kind == jobs::MediaKind::unknown)
    return problem(
        422, "unknown-media",
        "This is no picture (JPEG, PNG, WebP, BMP), video, table (CSV), zip or tar that this server knows.");
  return jobs::media_name(media->kind);
}

Granted<Json> new_upload(store::Connection& in, const Call& call, Json fields) {
  const std::int64_t bytes = fields.at("bytes");
  const auto many = number_in(in, "SELECT COUNT(*) FROM upload WHERE account = $1", call.actor.user);
  if (!many) return trouble(many);
  const auto much = number_in(
      in, "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM upload WHERE account = $1", call.actor.user);
  if (!much) return trouble(much);
  if (*many >= kMostUploads || *much + bytes > kMostBytesOfAll)
    return problem(429, "too-many-uploads",
                   "Too much of yours waits already; let jobs end, or remove uploads.");
  fields["account"] = call.actor.user;
  auto row = archive::insert(in, archive::kUpload, fields, call.now);
  if (!row) return trouble(row);
  return std::move(*row);
}

// One of the caller's own that no job has taken.
Granted<Json> own_upload(store::Connection& in, const Call& call) {
  const auto row = archive::find(in, archive::kUpload, call.text("partial"));
  if (!row) return trouble(row);
  if (!*row || (**row)["account"] != call.actor.user || !(**row)["job"].is_null()) return no_such();
  return **row;
}

Granted<Json> look_at_own(Office& office, const Call& call) {
  Granted<Json> out = no_such();
  const Status asked = office.database.read([&](store::Connection& in) -> Status {
    out = own_upload(in, call);
    return {};
  });
  if (!asked) return tl::make_unexpected(problem_of(asked.error()));
  return out;
}

Json whole_json(const Json& row) {
  return {{"id", row["id"]}, {"kind", row["kind"]}, {"bytes", row["bytes"]}, {"created", row["created"]}};
}

Json partial_json(const Json& row) {
  const auto created = archive::time_of(row["created"].get<std::string>());
  return {{"id", row["id"]},
          {"bytes", row["bytes"]},
          {"received", row["received"].is_null() ? row["bytes"] : row["received"]},
          {"created", row["created"]},
          {"expires", created ? Json(utc_text(*created + jobs::kUploadsStay)) : Json()}};
}

void forget(Office& office, const std::string& id) {
  (void)office.database.write([&](store::Connection& in) -> Status {
    const auto gone = archive::remove(in, archive::kUpload, id);
    return gone ? Status{} : Status{tl::make_unexpected(gone.error())};
  });
  office.jobs.remove_uploads({id});
}

Answer send_upload(Office& office, Call& call) {
  std::error_code error;
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(call.request.body_file, error));
  if (error) return problem(500, "failed", "Something here failed; the log has it under this request.");
  if (bytes == 0) return problem(422, "empty", "This file is empty.");
  const Granted<std::string_view> kind = kind_of(call.request.body_file);
  if (!kind) return tl::make_unexpected(kind.error());
  const std::string id = archive::new_id(call.now);
  // The row first: a file without a row is cleared away.
  Answer answer = write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = new_upload(in, call, {{"id", id}, {"kind", *kind}, {"bytes", bytes}});
    if (!row) return tl::make_unexpected(row.error());
    return json_response(201, whole_json(*row));
  });
  if (!answer) return answer;
  if (const Status sealed =
          security::seal_file(call.request.body_file, office.jobs.upload(id), jobs::job_key(office.secrets));
      !sealed) {
    forget(office, id);
    return not_kept(call, sealed.error());
  }
  return answer;
}

Answer remove_upload(Office& office, Call& call) {
  const std::string id = call.text("upload");
  Answer answer = write(office, call, [&](store::Connection& in) -> Answer {
    const auto gone =
        in.change("DELETE FROM upload WHERE id = $1 AND account = $2 AND job IS NULL", id, call.actor.user);
    if (!gone) return trouble(gone);
    if (*gone == 0) return no_such();
    return nothing();
  });
  if (answer) office.jobs.remove_uploads({id});
  return answer;
}

Answer begin_upload(Office& office, Call& call) {
  const std::int64_t bytes = call.body.at("bytes");
  if (bytes > kMostBytesOfOne) return problem(413, "too-large", "An upload has 4 GiB at most.");
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = new_upload(in, call, {{"kind", "unknown"}, {"bytes", bytes}, {"received", 0}});
    if (!row) return tl::make_unexpected(row.error());
    return json_response(201, partial_json(*row));
  });
}

Answer get_partial(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Json> row = own_upload(in, call);
    if (!row) return tl::make_unexpected(row.error());
    return json_response(200, partial_json(*row));
  });
}

tl::unexpected<Problem> goes_on_at(const Json& received) {
  Problem wrong{409, "wrong-offset", "The upload goes on at another byte: received."};
  wrong.more["received"] = received;
  return tl::make_unexpected(wrong);
}

Answer send_upload_piece(Office& office, Call& call) {
  const std::string id = call.text("partial");
  const std::int64_t offset = call.whole("offset", 0);
  std::error_code error;
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(call.request.body_file, error));
  if (error || bytes == 0) return problem(422, "empty", "This piece is empty.");
  const Granted<Json> known = look_at_own(office, call);
  if (!known) return tl::make_unexpected(known.error());
  const Json& row = *known;
  const Json received = partial_json(row)["received"];
  if (received != offset) return goes_on_at(received);
  if (offset + bytes > row["bytes"].get<std::int64_t>())
    return problem(413, "too-large", "This is more than was announced.");
  std::string kind = row["kind"];
  if (offset == 0) {
    const Granted<std::string_view> told = kind_of(call.request.body_file);
    if (!told) {
      if (told.error().slug == "unknown-media") forget(office, id);
      return tl::make_unexpected(told.error());
    }
    kind = *told;
  }
  // Two that send the same piece at once write the same bytes; where they do not, the end tells by its sum.
  if (const Status kept = jobs::keep_piece(office.jobs.pieces(id), offset, call.request.body_file,
                                           jobs::job_key(office.secrets));
      !kept)
    return not_kept(call, kept.error());
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto taken = in.change(
        "UPDATE upload SET received = received + $1, kind = $2, version = version + 1, updated_us = $3 "
        "WHERE id = $4 AND job IS NULL AND received = $5",
        bytes, kind, archive::us_of(call.now), id, offset);
    if (!taken) return trouble(taken);
    const Granted<Json> now = own_upload(in, call);
    if (!now) return tl::make_unexpected(now.error());
    if (*taken == 0) return goes_on_at(partial_json(*now)["received"]);
    return json_response(200, partial_json(*now));
  });
}

Answer end_upload(Office& office, Call& call) {
  const std::string id = call.text("partial");
  const Granted<Json> known = look_at_own(office, call);
  if (!known) return tl::make_unexpected(known.error());
  // Ended before, and the answer was lost.
  if ((*known)["received"].is_null()) return json_response(201, whole_json(*known));
  if ((*known)["received"] != (*known)["bytes"]) return goes_on_at((*known)["received"]);
  const security::SealKey key = jobs::job_key(office.secrets);
  const std::filesystem::path plain = office.jobs.outgoing(call.request.id);
  const auto done = [&](Answer answer) {
    std::error_code ignored;
    std::filesystem::remove(plain, ignored);
    return answer;
  };
  if (const Status joined = jobs::join_pieces(office.jobs.pieces(id), (*known)["bytes"], plain, key); !joined)
    return done(not_kept(call, joined.error()));
  const Result<std::string> sum = sha256_of_file(plain);
  if (!sum) return done(trouble(sum));
  if (*sum != call.body.at("sha256").get<std::string>()) {
    forget(office, id);
    return done(
        problem(422, "other-content",
                "What came is not what was to be sent: the file may have changed meanwhile; send it anew."));
  }
  if (const Status sealed = security::seal_file(plain, office.jobs.upload(id), key); !sealed)
    return done(not_kept(call, sealed.error()));
  Answer answer = write(office, call, [&](store::Connection& in) -> Answer {
    const auto ended =
        in.change("UPDATE upload SET received = NULL, version = version + 1, updated_us = $1 WHERE id = $2",
                  archive::us_of(call.now), id);
    if (!ended) return trouble(ended);
    const Granted<Json> row = own_upload(in, call);
    if (!row) return tl::make_unexpected(row.error());
    return json_response(201, whole_json(*row));
  });
  if (answer) {
    std::error_code ignored;
    std::filesystem::remove_all(office.jobs.pieces(id), ignored);
  }
  return done(std::move(answer));
}

}  // namespace

void add_upload_routes(Handlers& handlers) {
  handlers["sendUpload"] = send_upload;
  handlers["removeUpload"] = remove_upload;
  handlers["beginUpload"] = begin_upload;
  handlers["getPartialUpload"] = get_partial;
  handlers["sendUploadPiece"] = send_upload_piece;
  handlers["endUpload"] = end_upload;
}

}  // namespace pyro::serve
