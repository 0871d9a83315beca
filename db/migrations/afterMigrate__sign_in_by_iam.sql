-- Why: on Amazon RDS a role signs in by IAM, and by nothing else, once it is a member of rds_iam. The functions' roles have no password,
-- so this is the only way in that they have there. Elsewhere that role does not exist, and nothing happens.
-- Locks: none beyond the catalogue rows of the memberships.
--
-- Runs after every migration, whether there was something to migrate or not. The migrating user needs rds_iam with the admin option; the
-- roles are those logins that it has made.

do $$
declare
    login name;
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'rds_iam') then
        for login in
            select made.rolname
            from pg_catalog.pg_auth_members membership
            join pg_catalog.pg_roles made on made.oid = membership.roleid
            join pg_catalog.pg_roles maker on maker.oid = membership.member
            where maker.rolname = current_user
                and membership.admin_option
                and made.rolcanlogin
                and not exists (
                    select from pg_catalog.pg_auth_members iam
                    where iam.member = made.oid and iam.roleid = 'rds_iam'::regrole)
            order by made.rolname
        loop
            execute format('grant rds_iam to %I', login);
        end loop;
    end if;
end
$$;
